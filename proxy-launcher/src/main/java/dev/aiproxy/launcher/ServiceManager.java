package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Recognises the service manager that started this process, and would start it again. */
final class ServiceManager {

    private ServiceManager() {}

    /** The command by which people restart this process; empty if no service manager started it. */
    static Optional<String> restartCommand(Map<String, String> environment) {
        String job = environment.getOrDefault("XPC_SERVICE_NAME", "");
        if (job.startsWith("dev.aiproxy.")) {
            String domain = System.getProperty("user.name").equals("root") ? "system" : "gui/$(id -u)";
            return Optional.of("launchctl kickstart -k " + domain + "/" + job);
        }
        // Its other variables are inherited by every shell that a desktop opens; this one names one process.
        String own = Long.toString(ProcessHandle.current().pid());
        return own.equals(environment.get("SYSTEMD_EXEC_PID")) ? systemdUnit() : Optional.empty();
    }

    /** Whether a file is a copy made for this process when it was started (systemd.exec(5), LoadCredential). */
    static boolean hasCopied(Path file, Map<String, String> environment) {
        String copies = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        return !copies.isEmpty() && file.startsWith(copies);
    }

    /** The control group of a service ends in the name of its unit. */
    private static Optional<String> systemdUnit() {
        try {
            return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.endsWith(".service"))
                    .map(line -> (line.contains("/user@") ? "systemctl --user restart " : "systemctl restart ")
                            + line.substring(line.lastIndexOf('/') + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
