package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What needs no signal; the rest is {@code ReloadIT}. */
@Timeout(60)
class ReloadCommandTest {

    @TempDir
    private Path home;

    @Test
    void saysThatNothingRuns() {
        Program.Result result = Program.in(home).run("reload");

        assertThat(result.err().strip()).isEqualTo("not running in " + home);
        assertThat(result.exitCode()).isEqualTo(3);
    }

    /** SIGHUP ends a process that does not expect it, so it is not tried. */
    @Test
    void sendsNoSignalToOneThatTakesNone() {
        AtomicReference<Program.Result> result = new AtomicReference<>();
        Lifetime deafToSignals = stop -> {
            result.set(Program.in(home).run("reload"));
            stop.run();
        };

        Program.in(home).living(deafToSignals).run("run", "--listen-host=127.0.0.1", "--listen-port=0");

        assertThat(result.get().err().strip())
                .isEqualTo("PID " + ProcessHandle.current().pid()
                        + " takes no SIGHUP, as under nohup, or has not begun to listen; restart it instead");
        assertThat(result.get().exitCode()).isEqualTo(1);
    }
}
