package dev.aiproxy.launcher.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names the admin server answers to. A web site can give its own name this machine's address, and have a visitor's
 * browser read what is here as if it were the site's own (DNS rebinding); but it cannot have the browser ask for another name.
 */
final class HostGuard {

    private static final Pattern IP_LITERAL = Pattern.compile("\\[[0-9A-Fa-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> names;

    /** @param ownName the name that the server was told to listen on */
    HostGuard(String ownName) {
        // Not by Set.of, which wants no name twice.
        this.names = new HashSet<>(List.of("localhost", ownName.toLowerCase(Locale.ROOT)));
    }

    /** @param host of the request, without the port, IPv6 in brackets */
    boolean allows(String host) {
        return IP_LITERAL.matcher(host).matches() || names.contains(host.toLowerCase(Locale.ROOT));
    }
}
