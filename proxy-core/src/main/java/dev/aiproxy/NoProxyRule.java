package dev.aiproxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that are reached without {@link ForwardProxyBuilder#upstreamProxy}. Means what curl takes {@code NO_PROXY} for.
 *
 * <p>Written {@code example.com} or {@code .example.com} for that host and all below it, {@code 192.0.2.1} or {@code
 * 2001:db8::1} for an address, {@code 10.0.0.0/8} or {@code fd00::/8} for a block of them, or {@code *} for all; each
 * may have a port behind it, as in {@code example.com:8443} or {@code [2001:db8::1]:8443}. Names are never looked
 * up: a block means hosts that are written as addresses.
 *
 * @param host lower-case name without a dot at either end, address or block of addresses without brackets, or {@code *}
 * @param port 1 to 65535; 0 for every port
 */
public record NoProxyRule(String host, int port) {

    private static final String ALL = "*";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([^]]*)]|([^:\\[\\]]*))(?::(\\d{1,5}))?");
    private static final Pattern LABELS = Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_-]+)*");
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the host has another form or the port is out of range
     */
    public NoProxyRule {
        if (!host.equals(ALL) && !isBlock(host) && !isAddress(host) && !isName(host)) {
            throw wrong(host);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port of a no-proxy rule must be 1..65535, was " + port);
        }
    }

    /**
     * Reads a rule.
     *
     * @param text as in {@code .example.com}
     * @throws IllegalArgumentException if it has another form
     */
    public static NoProxyRule of(String text) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        if (isAddress(written) || isBlock(written)) {
            return new NoProxyRule(written, 0);
        }
        Matcher parts = WRITTEN.matcher(written);
        boolean isWritten =
                parts.matches() && (parts.group(1) == null || parts.group(1).contains(":"));
        if (!isWritten) {
            throw wrong(text);
        }
        String host = parts.group(1) == null ? nameAlone(parts.group(2)) : parts.group(1);
        int port = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        if (parts.group(3) != null && port == 0) {
            throw new IllegalArgumentException("port of a no-proxy rule must be 1..65535, was 0");
        }
        return new NoProxyRule(host, port);
    }

    private static String nameAlone(String name) {
        // curl knows the dot, others the star and the dot; all mean what is below.
        String alone = name.startsWith("*.") ? name.substring(2) : name.startsWith(".") ? name.substring(1) : name;
        return alone.endsWith(".") ? alone.substring(0, alone.length() - 1) : alone;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "no-proxy rule must be a host, .example.com, an address, a block of addresses or *, was '" + text
                        + "'");
    }

    /**
     * Whether connections to this host and port are meant.
     *
     * @param target lower-case name or address, an IPv6 address with or without brackets
     * @param targetPort 1 to 65535
     */
    public boolean matches(String target, int targetPort) {
        if (port != 0 && port != targetPort) {
            return false;
        }
        if (host.equals(ALL)) {
            return true;
        }
        String alone = target.startsWith("[") ? target.substring(1, target.length() - 1) : target;
        if (isAddress(alone)) {
            return !isName(host) && holds(bytes(alone));
        }
        String name = alone.endsWith(".") ? alone.substring(0, alone.length() - 1) : alone;
        return isName(host) && (name.equals(host) || name.endsWith("." + host));
    }

    private boolean holds(byte[] address) {
        int slash = host.indexOf('/');
        byte[] first = bytes(slash < 0 ? host : host.substring(0, slash));
        int bits = slash < 0 ? 8 * first.length : Integer.parseInt(host.substring(slash + 1));
        if (first.length != address.length || !Arrays.equals(first, 0, bits / 8, address, 0, bits / 8)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || (first[bits / 8] & 0xff) >> 8 - rest == (address[bits / 8] & 0xff) >> 8 - rest;
    }

    private static boolean isName(String host) {
        return LABELS.matcher(host).matches() && !IPV4.matcher(host).matches();
    }

    private static boolean isAddress(String host) {
        return bytes(host).length > 0;
    }

    private static boolean isBlock(String host) {
        int slash = host.indexOf('/');
        if (slash < 0 || !host.substring(slash + 1).matches("\\d{1,3}")) {
            return false;
        }
        int length = bytes(host.substring(0, slash)).length;
        return length > 0 && Integer.parseInt(host.substring(slash + 1)) <= 8 * length;
    }

    /** The bytes of an address; none if the text is no address. */
    private static byte[] bytes(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return new byte[0];
        }
        try {
            // A text of either form is never looked up: it is an address or an error.
            return InetAddress.getByName(host).getAddress();
        } catch (UnknownHostException notAnAddress) {
            return new byte[0];
        }
    }

    /** As it is written in a list of rules. */
    @Override
    public String toString() {
        String written = host.contains(":") && port != 0 ? "[" + host + "]" : host;
        return port == 0 ? written : written + ":" + port;
    }
}
