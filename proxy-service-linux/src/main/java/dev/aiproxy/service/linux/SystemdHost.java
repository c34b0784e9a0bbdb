package dev.aiproxy.service.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the systemd of a machine can do.
 *
 * @param version such as 252; of one that does not say, one that can do everything
 * @param hasNotify whether services can report to it by {@code systemd-notify}
 */
record SystemdHost(int version, boolean hasNotify) {

    /** All that is in use here. */
    static final SystemdHost NEW = new SystemdHost(Integer.MAX_VALUE, true);

    private static final int FIRST_WITH_CREDENTIALS = 247;
    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern VERSION = Pattern.compile("systemd (\\d+)");

    /** Asks the machine at hand; where there is no systemd, the plan is one for somewhere else. */
    static SystemdHost ofThisMachine() {
        Matcher version = VERSION.matcher(versionText());
        return version.find() ? new SystemdHost(Integer.parseInt(version.group(1)), isOnPath("systemd-notify")) : NEW;
    }

    /** Whether it hands files over that only root can read. */
    boolean hasCredentials() {
        return version >= FIRST_WITH_CREDENTIALS;
    }

    private static String versionText() {
        try {
            Process process = new ProcessBuilder("systemctl", "--version")
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text;
        } catch (IOException noSystemd) {
            return "";
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
