package dev.aiproxy.internal;

import java.net.URI;
import org.eclipse.jetty.http.HttpURI;

/**
 * The upstream that requests go to.
 *
 * @param uri scheme, host and port, nothing else
 * @param hostField value of the Host field: without the port if it is the scheme's own (RFC 9110 §7.2)
 */
record Target(URI uri, String hostField) {

    static Target of(URI uri) {
        boolean isDefaultPort = uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
        return new Target(uri, isDefaultPort ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    }

    /** RFC 6454 §6.1. */
    String origin() {
        return uri.getScheme() + "://" + hostField;
    }

    boolean isSecure() {
        return uri.getScheme().equals("https");
    }

    /** Whether an absolute request target means this upstream. */
    boolean isNamedBy(HttpURI requestTarget) {
        int port = requestTarget.getPort();
        if (port <= 0) {
            port = "https".equalsIgnoreCase(requestTarget.getScheme()) ? 443 : 80;
        }
        return uri.getHost().equalsIgnoreCase(requestTarget.getHost()) && uri.getPort() == port;
    }
}
