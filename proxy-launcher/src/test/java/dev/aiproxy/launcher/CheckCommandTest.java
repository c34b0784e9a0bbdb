package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckCommandTest {

    @TempDir
    private Path home;

    @Test
    void saysThatNothingRuns() {
        Program.Result result = Program.in(home).run("check");

        assertThat(result.out().strip()).isEqualTo("not running in " + home);
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void saysThatAProxyHasDied() throws IOException {
        Files.writeString(home.resolve(StateFile.NAME), "pid=4711\n");

        assertThat(Program.in(home).run("check").out().strip())
                .isEqualTo("not running in " + home + ": PID 4711 ended without being stopped");
        assertThat(Program.in(home).run("check", "--json"))
                .isEqualTo(new Program.Result(
                        3,
                        "{\"running\":false,\"healthy\":false,\"home\":\"" + home + "\",\"died\":true}"
                                + System.lineSeparator(),
                        ""));
    }

    @Test
    void saysWhatRunsAndThatItAnswers() {
        Program.Result result = whileRunning("check");

        assertThat(result.err()).isEmpty();
        assertThat(result.out().strip())
                .matches("running as PID " + ProcessHandle.current().pid()
                        + " for \\d+s: http://127\\.0\\.0\\.1:\\d+ forwards to https://api\\.openai\\.com:443");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void saysWhatRunsAsJson() {
        assertThat(whileRunning("check", "--json").out())
                .startsWith("{\"running\":true,\"healthy\":true,\"home\":\"" + home + "\",\"pid\":"
                        + ProcessHandle.current().pid() + ",\"uri\":\"http://127.0.0.1:");
    }

    @Test
    void countsNoRequestForBeingAsked() throws IOException {
        whileRunning("check");

        assertThat(home.resolve("logs/access.log")).isEmptyFile();
    }

    @Test
    void namesAHomeThatIsNotThere() {
        Program.Result result = Program.in(home).run("check", "--home", "nowhere");

        assertThat(result.err().strip()).isEqualTo("flag --home: there is no folder " + home.resolve("nowhere"));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    private Program.Result whileRunning(String... args) {
        AtomicReference<Program.Result> result = new AtomicReference<>();
        Lifetime oneVerb = stop -> {
            result.set(Program.in(home).run(args));
            stop.run();
        };
        assertThat(Program.in(home)
                        .living(oneVerb)
                        .run("run", "--listen-host=127.0.0.1", "--listen-port=0")
                        .exitCode())
                .isZero();
        return result.get();
    }
}
