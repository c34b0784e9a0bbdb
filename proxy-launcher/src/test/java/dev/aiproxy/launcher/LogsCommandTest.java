package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {

    private static final String LONG_LOG = IntStream.rangeClosed(1, 5000)
            .mapToObj(line -> "line " + line + "\n")
            .collect(Collectors.joining());

    @TempDir
    private Path home;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.createDirectory(home.resolve("logs")).resolve("proxy.log");
        Files.writeString(file, LONG_LOG);
    }

    @Test
    void showsTheLastLines() {
        Program.Result result = Program.in(home).run("logs", "-n", "3");

        assertThat(result).isEqualTo(new Program.Result(0, "line 4998\nline 4999\nline 5000\n", ""));
    }

    @Test
    void showsAHundredLinesUnlessTold() {
        assertThat(Program.in(home).run("logs").out().lines()).hasSize(100).startsWith("line 4901");
    }

    @Test
    void showsAllIfMoreIsAskedForThanThereIs() {
        assertThat(Program.in(home).run("logs", "--lines=9999").out()).isEqualTo(LONG_LOG);
    }

    @Test
    void showsTheLogThatIsAskedFor() throws IOException {
        Files.writeString(home.resolve("logs/access.log"), "one call");

        assertThat(Program.in(home).run("logs", "access").out()).isEqualTo("one call");
    }

    @Test
    void saysThatThereIsNoLogYet() {
        Program.Result result = Program.in(home).run("logs", "console");

        assertThat(result.err().strip()).isEqualTo("there is no " + home + "/logs/console.log yet");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesToShowNoLines() {
        assertThat(Program.in(home).run("logs", "-n", "0").exitCode()).isEqualTo(2);
    }

    @Test
    void followsTheLogIntoTheNextFile() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LogTail tail = LogTail.open(file, 1, out)) {
            tail.copyNew();
            Files.writeString(file, "old file\n", StandardOpenOption.APPEND);
            Files.move(file, home.resolve("logs/proxy.1.log"));
            tail.copyNew();
            Files.writeString(file, "new file\n");
            tail.copyNew();
            Files.writeString(file, "more\n", StandardOpenOption.APPEND);
            tail.copyNew();
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line 5000\nold file\nnew file\nmore\n");
    }
}
