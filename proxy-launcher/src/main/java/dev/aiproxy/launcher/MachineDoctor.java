package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what the settings and the machine allow. */
final class MachineDoctor {

    private static final Duration SHORT_SILENCE = Duration.ofMinutes(1);
    private static final int FILES_BESIDES = 200;
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\w+)");
    private static final Path UFW = Path.of("/etc/ufw/ufw.conf");
    private static final Path FIREWALLD = Path.of("/run/firewalld");

    private final Settings settings;
    private final Consumer<Finding> tell;

    /** @param tell takes the findings, in order */
    MachineDoctor(Settings settings, Consumer<Finding> tell) {
        this.settings = settings;
        this.tell = tell;
    }

    void examine(ProxyState state) {
        tell.accept(timeouts());
        tell.accept(openFiles(state));
        tell.accept(firewall());
    }

    /** Which time would end a call that goes well but slowly. */
    private Finding timeouts() {
        String found =
                "silence ends a call after %s (STREAM_IDLE_TIMEOUT), and before its answer after %s (FIRST_BYTE_TIMEOUT)"
                        .formatted(
                                settings.written(ConfigKey.STREAM_IDLE_TIMEOUT).text(), first());
        return isShort(ConfigKey.STREAM_IDLE_TIMEOUT) || isShort(ConfigKey.FIRST_BYTE_TIMEOUT)
                ? Finding.warn("timeouts", found, "models may think for minutes: raise it, or set none")
                : Finding.ok("timeouts", found);
    }

    private String first() {
        return settings.get(ConfigKey.FIRST_BYTE_TIMEOUT).isZero()
                ? "as long"
                : settings.written(ConfigKey.FIRST_BYTE_TIMEOUT).text();
    }

    private boolean isShort(ConfigKey<Duration> key) {
        Duration time = settings.get(key);
        return !time.isZero() && time.compareTo(SHORT_SILENCE) < 0;
    }

    private Finding openFiles(ProxyState state) {
        Optional<String> limit =
                state.process().flatMap(process -> limitOf(process.pid())).or(() -> ownLimit());
        // One for the client and one for the AI server.
        long wanted = 2L * settings.get(ConfigKey.MAX_STREAMS) + FILES_BESIDES;
        if (limit.isEmpty()) {
            return Finding.skip("open files", "the system does not tell the limit");
        }
        String found =
                "limit " + limit.get() + ", and " + settings.get(ConfigKey.MAX_STREAMS) + " streams take " + wanted;
        boolean isEnough = limit.get().equals("unlimited") || Long.parseLong(limit.get()) >= wanted;
        return isEnough
                ? Finding.ok("open files", found)
                : Finding.warn(
                        "open files",
                        found,
                        "raise it (ulimit -n " + wanted + ", or LimitNOFILE of the service), or lower MAX_STREAMS");
    }

    private static Optional<String> limitOf(long pid) {
        try {
            Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "limits")));
            return limit.find() ? Optional.of(limit.group(1)) : Optional.empty();
        } catch (IOException notLinuxOrNotOurs) {
            return Optional.empty();
        }
    }

    /** A JVM raises its own limit as far as it may, and what it starts inherits that. */
    private static Optional<String> ownLimit() {
        return ProcessOutput.of(new ProcessBuilder("/bin/sh", "-c", "ulimit -n"))
                .filter(limit -> limit.matches("unlimited|\\d{1,18}"));
    }

    /** Rules cannot be read without root, and a connection from this machine passes by them: only a hint is to be had. */
    private Finding firewall() {
        int port = settings.get(ConfigKey.LISTEN_PORT);
        if (isLocal()) {
            return Finding.ok("firewall", "LISTEN_HOST lets in this machine alone, so none is in the way");
        }
        if (isUfwOn()) {
            return Finding.warn(
                    "firewall", "ufw is on, and may keep other machines out", "sudo ufw allow " + port + "/tcp");
        }
        if (Files.exists(FIREWALLD)) {
            return Finding.warn(
                    "firewall",
                    "firewalld runs, and may keep other machines out",
                    "sudo firewall-cmd --permanent --add-port=" + port + "/tcp && sudo firewall-cmd --reload");
        }
        return Finding.skip(
                "firewall", "whether one keeps other machines out is seen from those alone: try the lines of show-ip");
    }

    private boolean isLocal() {
        try {
            return InetAddress.getByName(settings.get(ConfigKey.LISTEN_HOST)).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isUfwOn() {
        try {
            return Files.readString(UFW).lines().anyMatch("ENABLED=yes"::equals);
        } catch (IOException noUfw) {
            return false;
        }
    }
}
