package dev.aiproxy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that clients may reach besides the target, when they use the proxy as an HTTP proxy.
 *
 * <p>Written {@code api.example.com}, {@code *.example.com} for every name below that one, or {@code *} for all; each may
 * have a port behind it, as in {@code api.example.com:8443}. Without one, ports 80 and 443 are meant and no other.
 *
 * <p>Names are compared by their letters, addresses by their value, and a host that is not spelt in the one usual way is
 * matched by nothing: {@code 127.1}, {@code 2130706433}, {@code 0x7f.0.0.1}, {@code [::ffff:127.0.0.1]},
 * {@code example.com.} with its dot.
 *
 * @param host lower-case name, IPv4 address, IPv6 address in brackets, {@code *.} and a name, or {@code *}
 * @param port 1 to 65535; 0 for ports 80 and 443
 */
public record ForwardRule(String host, int port) {

    private static final String ALL = "*";
    private static final String BELOW = "*.";
    private static final Pattern WRITTEN = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(\\d{1,5}))?");
    private static final Pattern LABELS =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    /** What some resolver may read as a number, and so the whole name as an address. */
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");

    /**
     * Checks the form and makes the host lower-case.
     *
     * @throws IllegalArgumentException if the host has another form or the port is out of range
     */
    public ForwardRule {
        host = host.toLowerCase(Locale.ROOT);
        boolean isName = host.startsWith(BELOW) && isName(host.substring(BELOW.length()));
        if (!host.equals(ALL) && !isName && !isHost(host)) {
            throw new IllegalArgumentException(
                    "forward rule must be a host, *.example.com or *, each with or without a port, was '" + host + "'");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port of a forward rule must be 1..65535, was " + port);
        }
    }

    /**
     * Reads a rule.
     *
     * @param text as in {@code api.example.com:8443}
     * @throws IllegalArgumentException if it has another form
     */
    public static ForwardRule of(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    "forward rule must be a host, *.example.com or *, each with or without a port, was '" + text + "'");
        }
        int port = written.group(2) == null ? 0 : Integer.parseInt(written.group(2));
        if (written.group(2) != null && port == 0) {
            throw new IllegalArgumentException("port of a forward rule must be 1..65535, was 0");
        }
        return new ForwardRule(written.group(1), port);
    }

    /**
     * Whether a request for this host and port is meant.
     *
     * @param requested host as the client wrote it, an IPv6 address in brackets
     * @param requestedPort 1 to 65535
     */
    public boolean matches(String requested, int requestedPort) {
        boolean isPort = port == 0 ? requestedPort == 80 || requestedPort == 443 : requestedPort == port;
        String spelt = requested.toLowerCase(Locale.ROOT);
        if (!isPort || !isHost(spelt)) {
            return false;
        }
        if (host.equals(ALL)) {
            return true;
        }
        return isOutright()
                ? canonical(spelt).equals(canonical(host))
                : isName(spelt) && spelt.endsWith(host.substring(1));
    }

    /** Whether it names one host, and not all that fit a pattern. */
    public boolean isOutright() {
        return !host.startsWith(ALL);
    }

    private static boolean isHost(String host) {
        return isName(host) || IPV4.matcher(host).matches() || isIpv6(host);
    }

    private static boolean isName(String host) {
        return host.length() <= 253
                && LABELS.matcher(host).matches()
                && !NUMERIC_END.matcher(host).matches();
    }

    private static boolean isIpv6(String host) {
        return IPV6.matcher(host).matches() && !canonical(host).isEmpty();
    }

    /** One text for all spellings of an IPv6 address; none if it is no such address, or an IPv4 address in disguise. */
    private static String canonical(String host) {
        if (!host.startsWith("[")) {
            return host;
        }
        try {
            // A text in brackets is never looked up: it is an address or an error.
            InetAddress address = InetAddress.getByName(host);
            return address instanceof Inet6Address ? address.getHostAddress() : "";
        } catch (UnknownHostException notAnAddress) {
            return "";
        }
    }

    /** As it is written in a list of rules. */
    @Override
    public String toString() {
        return port == 0 ? host : host + ":" + port;
    }
}
