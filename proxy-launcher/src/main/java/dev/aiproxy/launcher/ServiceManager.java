package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Recognises the service manager that started this process, and would start it again. */
final class ServiceManager {

    private static final String CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY";
    private static final String RUNTIME_DIRECTORY = "RUNTIME_DIRECTORY";

    private ServiceManager() {}

    /** The command by which people restart this process; empty if no service manager started it. */
    static Optional<String> restartCommand(Map<String, String> environment) {
        String job = environment.getOrDefault("XPC_SERVICE_NAME", "");
        if (job.startsWith("dev.aiproxy.")) {
            String domain = System.getProperty("user.name").equals("root") ? "system" : "gui/$(id -u)";
            return Optional.of("launchctl kickstart -k " + domain + "/" + job);
        }
        return systemctl("restart", environment);
    }

    /**
     * The command by which people have this process read its settings again; empty if a signal does, since it reads the
     * very file that they change.
     */
    static Optional<String> reloadCommand(Path config, Map<String, String> environment) {
        boolean isCopiedAnew = hasCopied(config, environment) && environment.containsKey(RUNTIME_DIRECTORY);
        return isCopiedAnew ? systemctl("reload", environment) : Optional.empty();
    }

    /** Whether a file is a copy made for this process when it was started (systemd.exec(5), LoadCredential). */
    static boolean hasCopied(Path file, Map<String, String> environment) {
        String copies = environment.getOrDefault(CREDENTIALS_DIRECTORY, "");
        return !copies.isEmpty() && file.startsWith(copies);
    }

    /**
     * The file to read in place of this one: for a copy made at the start, the one that {@code ExecReload} of the unit has
     * put into the folder which lives as long as the service (systemd.exec(5), RuntimeDirectory), once there is one.
     */
    static Path newest(Path file, Map<String, String> environment) {
        if (!hasCopied(file, environment)) {
            return file;
        }
        // A unit may have several such folders.
        return Stream.of(environment.getOrDefault(RUNTIME_DIRECTORY, "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(file.getFileName()))
                .filter(Files::exists)
                .findFirst()
                .orElse(file);
    }

    /** The control group of a service ends in the name of its unit. */
    private static Optional<String> systemctl(String verb, Map<String, String> environment) {
        // Its other variables are inherited by every shell that a desktop opens; this one names one process.
        String own = Long.toString(ProcessHandle.current().pid());
        if (!own.equals(environment.get("SYSTEMD_EXEC_PID"))) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.endsWith(".service"))
                    .map(line -> (line.contains("/user@") ? "systemctl --user " : "systemctl ") + verb + " "
                            + line.substring(line.lastIndexOf('/') + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
