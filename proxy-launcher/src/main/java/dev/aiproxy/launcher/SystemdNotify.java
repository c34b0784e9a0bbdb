package dev.aiproxy.launcher;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is, in the words of sd_notify(3).
 *
 * <p>They go in a datagram to a Unix socket, and of such Java knows only streams. So {@code systemd-notify} sends them,
 * which is there wherever systemd is. That takes {@code NotifyAccess=all} in the unit, since it is another process than
 * the service's main one, and a few hundredths of a second of a processor: nothing to be done each second.
 */
final class SystemdNotify {

    private static final Logger logger = LoggerFactory.getLogger(SystemdNotify.class);
    private static final int PATIENCE_SECONDS = 10;

    private SystemdNotify() {}

    /** Empty unless systemd wants to be told. */
    static Optional<SystemdNotify> of(Map<String, String> environment) {
        return environment.containsKey("NOTIFY_SOCKET") ? Optional.of(new SystemdNotify()) : Optional.empty();
    }

    /**
     * Sends them together, and waits until they are sent. A failure is logged.
     *
     * @param assignments such as {@code STATUS=all is well}
     */
    void send(String... assignments) {
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(List.of(assignments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                logger.warn("systemd-notify did not end");
            } else if (process.exitValue() != 0) {
                logger.warn("systemd-notify failed with exit code {}", process.exitValue());
            }
        } catch (IOException e) {
            logger.warn("systemd cannot be told anything: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
