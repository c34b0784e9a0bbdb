package dev.aiproxy.service.macos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec.Scope;
import dev.aiproxy.service.ServiceStep.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the step that waits for the old job to go, with a {@code launchctl} that tells what the test wants. */
class UnloadWaitTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void needsAShell() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "/bin/sh is not installed");
        // Time passes by being counted.
        program("sleep", "echo sleep $1 >> \"$0.calls\"");
    }

    @Test
    void goesOnAtOnceIfNothingIsLoaded() throws Exception {
        program("launchctl", "echo $* >> \"$0.calls\"; exit 113");

        Ending ending = runWait();

        assertThat(ending).isEqualTo(new Ending(0, ""));
        assertThat(calls("launchctl")).containsExactly("print gui/501/dev.aiproxy.ai-proxy");
        assertThat(calls("sleep")).isEmpty();
    }

    @Test
    void waitsUntilTheOldJobHasGone() throws Exception {
        program("launchctl", "echo x >> \"$0.calls\"; [ $(wc -l < \"$0.calls\") -lt 4 ]");

        Ending ending = runWait();

        assertThat(ending).isEqualTo(new Ending(0, ""));
        assertThat(calls("sleep")).containsExactly("sleep 1", "sleep 1", "sleep 1");
    }

    @Test
    void givesUpOnAJobThatDoesNotGo() throws Exception {
        program("launchctl", "echo state = SIGTERMed");

        Ending ending = runWait();

        assertThat(ending)
                .isEqualTo(new Ending(1, "gui/501/dev.aiproxy.ai-proxy is still stopping; try again later\n"));
        assertThat(calls("sleep")).hasSizeGreaterThan(LaunchdPlist.EXIT_SECONDS);
    }

    static Run wait(ServicePlan plan) {
        return plan.steps().stream()
                .filter(Run.class::isInstance)
                .map(Run.class::cast)
                .filter(step -> step.command().contains("-c"))
                .findFirst()
                .orElseThrow();
    }

    private Ending runWait() throws IOException, InterruptedException {
        Run wait = wait(new LaunchdInstaller().install(Specs.usual(Scope.USER)));
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(wait.command()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PATH", folder + ":/usr/bin:/bin");
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the wait ends").isTrue();
        return new Ending(process.exitValue(), Files.readString(output));
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> calls(String name) throws IOException {
        Path calls = folder.resolve(name + ".calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private record Ending(int exitCode, String output) {}
}
