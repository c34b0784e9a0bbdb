package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VerbsTest {

    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    private static final Surroundings SURROUNDINGS =
            new Surroundings(Map.of(), Path.of(""), NOWHERE, NOWHERE, Lifetime.Stop::run, Optional.empty());

    @Test
    void makesTheVerbAloneThatALineBeginsWith() {
        Set<String> all = Verbs.commandLine(SURROUNDINGS).getSubcommands().keySet();

        assertThat(all).contains("run", "check", "install-service");
        assertThat(all).allSatisfy(verb -> assertThat(verbsFor(verb, "--help")).containsExactly(verb));
    }

    @Test
    void makesAllForALineThatBeginsWithNone() {
        Set<String> all = Verbs.commandLine(SURROUNDINGS).getSubcommands().keySet();

        assertThat(verbsFor("--help")).isEqualTo(all);
        assertThat(verbsFor("demmo")).isEqualTo(all);
    }

    private static Set<String> verbsFor(String... line) {
        CommandLine program = Verbs.commandLine(SURROUNDINGS, line);
        return program.getSubcommands().keySet();
    }
}
