package dev.aiproxy.internal;

import java.net.URI;

/**
 * An upstream that requests go to.
 *
 * @param uri scheme, host and port, nothing else
 * @param hostField value of the Host field: without the port if it is the scheme's own (RFC 9110 §7.2)
 * @param reach what makes it one
 */
record Target(URI uri, String hostField, Reach reach) {

    /** Why an upstream may be reached, and so which addresses it may have. */
    enum Reach {
        /** It is the proxy's own target. */
        OWN,
        /** A rule names it outright. */
        NAMED,
        /** It fits a rule with a wildcard, so that its name may be anybody's: public addresses only. */
        WILDCARD
    }

    /** The proxy's own target. */
    static Target of(URI uri) {
        return of(uri, Reach.OWN);
    }

    /** An upstream whose port is always given. */
    static Target of(URI uri, Reach reach) {
        return new Target(uri, isDefaultPort(uri) ? uri.getHost() : uri.getHost() + ":" + uri.getPort(), reach);
    }

    private static boolean isDefaultPort(URI uri) {
        return uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
    }

    /** Whether its port is the scheme's own. */
    boolean hasDefaultPort() {
        return isDefaultPort(uri);
    }

    /** RFC 6454 §6.1. */
    String origin() {
        return uri.getScheme() + "://" + hostField;
    }

    boolean isSecure() {
        return uri.getScheme().equals("https");
    }

    /** Whether it is the upstream with this name and port. */
    boolean isAt(String host, int port) {
        return uri.getHost().equalsIgnoreCase(host) && uri.getPort() == port;
    }
}
