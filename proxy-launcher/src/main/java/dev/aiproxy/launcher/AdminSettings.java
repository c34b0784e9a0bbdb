package dev.aiproxy.launcher;

import java.util.List;
import java.util.Optional;

/** What the settings about the admin port mean together with the rest. */
final class AdminSettings {

    private AdminSettings() {}

    /** Why they cannot be; empty if they can. */
    static Optional<String> problem(Settings settings) {
        int port = settings.get(ConfigKey.LISTEN_PORT);
        boolean isOneTwice = port != 0 && settings.get(ConfigKey.ADMIN_PORT).equals(Optional.of(port));
        return isOneTwice
                ? Optional.of("ADMIN_PORT and LISTEN_PORT are both " + port + "; change one")
                : Optional.empty();
    }

    /** What is odd but works, one line each. */
    static List<String> warnings(Settings settings) {
        String host = settings.get(ConfigKey.ADMIN_HOST);
        boolean isLocal = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        return isLocal || settings.get(ConfigKey.ADMIN_PORT).isEmpty()
                ? List.of()
                : List.of("warning: ADMIN_HOST=" + host
                        + ": whoever reaches ADMIN_PORT there can see who uses the proxy and"
                        + " how much; let a firewall decide who may, or leave it at 127.0.0.1");
    }
}
