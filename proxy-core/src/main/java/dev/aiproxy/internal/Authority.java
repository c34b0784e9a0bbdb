package dev.aiproxy.internal;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/**
 * Host and port that a request names, as far as it may be read in one way only.
 *
 * @param host lower-case; an IPv6 address in brackets
 * @param port 1 to 65535
 */
record Authority(String host, int port) {

    /** No user info, no escapes, no zone: nothing that a resolver or another parser could make something else of. */
    private static final String HOST = "([a-z0-9.-]+|\\[[0-9a-f:.]+])";

    /** No sign, no zeros in front, not so long that it could overflow: Jetty takes them all. */
    private static final String PORT = "[1-9]\\d{0,4}";

    private static final Pattern PLAIN_HOST = Pattern.compile(HOST);
    private static final Pattern AUTHORITY_FORM = Pattern.compile(HOST + ":" + PORT, Pattern.CASE_INSENSITIVE);
    private static final Pattern ABSOLUTE_FORM =
            Pattern.compile("https?://" + HOST + "(:" + PORT + ")?([/?#].*)?", Pattern.CASE_INSENSITIVE);

    /** Whether a request target, as it was written, names a host and a port and means nothing else by it. */
    static boolean isAuthorityForm(String requestTarget) {
        return AUTHORITY_FORM.matcher(requestTarget).matches();
    }

    /** Whether a request target, as it was written, is an HTTP URI that names a host and means nothing else by it. */
    static boolean isAbsoluteForm(String requestTarget) {
        return ABSOLUTE_FORM.matcher(requestTarget).matches();
    }

    /**
     * What a request target in absolute-form or authority-form names.
     *
     * @param defaultPort port if it names none; 0 if it must
     * @return nothing if it is malformed
     */
    static @Nullable Authority of(HttpURI uri, int defaultPort) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
        boolean isPlain = uri.getUser() == null && PLAIN_HOST.matcher(host).matches();
        return isPlain && port > 0 && port <= 65_535 ? new Authority(host, port) : null;
    }

    /** The host without the brackets of an IPv6 address. */
    String bareHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
