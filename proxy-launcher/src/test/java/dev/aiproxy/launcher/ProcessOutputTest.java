package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProcessOutputTest {

    @Test
    void isWhatAProgramPrints() {
        assertThat(shell("echo 42; echo no output >&2", Duration.ofSeconds(10))).hasValue("42");
    }

    @Test
    void isNothingIfTheProgramFails() {
        assertThat(shell("echo 42; exit 3", Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void isNothingIfThereIsNoSuchProgram() {
        assertThat(ProcessOutput.of(new ProcessBuilder("/no/such/program"), Duration.ofSeconds(10)))
                .isEmpty();
    }

    @Test
    void isNothingIfTheProgramHangs() {
        assertThat(shell("echo 42; exec sleep 60", Duration.ofMillis(300))).isEmpty();
    }

    private static Optional<String> shell(String command, Duration patience) {
        return ProcessOutput.of(new ProcessBuilder("/bin/sh", "-c", command), patience);
    }
}
