package dev.aiproxy;

import java.net.URI;
import java.util.Locale;

/** The form a target must have. */
final class TargetUri {

    private TargetUri() {}

    /** Lower-case scheme and host, port always present, nothing else. */
    static URI normalized(URI target) {
        String scheme = target.getScheme() == null ? "" : target.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused("its scheme must be http or https", target);
        }
        if (target.getHost() == null || target.getHost().isEmpty()) {
            throw refused("it must name a host", target);
        }
        if (target.getRawUserInfo() != null || target.getRawQuery() != null || target.getRawFragment() != null) {
            throw refused("it must have no user info, query or fragment", target);
        }
        if (!target.getRawPath().isEmpty() && !target.getRawPath().equals("/")) {
            throw refused("it must have no path, since paths come from the clients", target);
        }
        int port = target.getPort() == -1 ? defaultPort(scheme) : target.getPort();
        if (port < 1 || port > 65_535) {
            throw refused("its port must be 1..65535", target);
        }
        return URI.create(scheme + "://" + target.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static IllegalArgumentException refused(String rule, URI target) {
        // Named by its parts: user info or a query may hold a credential, and messages end up in logs.
        return new IllegalArgumentException("target is wrong: %s, was scheme '%s', host '%s', port %d, path '%s'"
                .formatted(rule, target.getScheme(), target.getHost(), target.getPort(), target.getRawPath()));
    }
}
