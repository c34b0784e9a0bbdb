package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What another program has printed. */
final class ProcessOutput {

    /** Far more than what is asked here takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ProcessOutput() {}

    /** The same with the patience for what answers at once. */
    static Optional<String> of(ProcessBuilder program) {
        return of(program, PATIENCE);
    }

    /**
     * Runs a program to its end, or ends it when it takes too long.
     *
     * @param program whose output, unless it goes elsewhere, is returned
     * @return without the white space around it; empty if the program is not there, fails, or was ended
     */
    static Optional<String> of(ProcessBuilder program, Duration patience) {
        try {
            Process process = program.start();
            process.onExit()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            try (InputStream output = process.getInputStream()) {
                String printed = new String(output.readAllBytes(), Charset.defaultCharset());
                return process.waitFor() == 0 ? Optional.of(printed.strip()) : Optional.empty();
            }
        } catch (IOException notThereOrEnded) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
