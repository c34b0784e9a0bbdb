package dev.aiproxy.launcher;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Asks the admin port of a proxy that runs.
 *
 * @param address where it is
 */
record AdminProbe(InetSocketAddress address) {

    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(5).toMillis();
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** The group is what may stay. */
    private static final Pattern COLOUR_OR_CONTROL = Pattern.compile("(\u001b\\[[0-9;]*m)|[\\p{Cc}&&[^\n\t]]");

    /**
     * The admin port of a home's proxy.
     *
     * @throws VerbFailedException if it has none
     */
    static AdminProbe of(ProxyState state) {
        InetSocketAddress address = state.adminAddress()
                .orElseThrow(() -> new VerbFailedException(HomeProxy.name(state)
                        + " has no admin port; set ADMIN_PORT, such as ADMIN_PORT=9091, and restart it"));
        return new AdminProbe(reachable(address));
    }

    private static InetSocketAddress reachable(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
    }

    /**
     * The one that somebody has written.
     *
     * @param text host and port, such as {@code 127.0.0.1:9091}
     * @throws VerbFailedException if there can be none
     */
    static AdminProbe at(String text) {
        try {
            URI uri = URI.create("http://" + text);
            if (uri.getHost() == null
                    || uri.getPort() < 1
                    || !uri.getAuthority().equals(text)) {
                throw new IllegalArgumentException("no host and port");
            }
            InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
            if (address.isUnresolved()) {
                throw new VerbFailedException("host name unknown: " + Shown.value(text));
            }
            return new AdminProbe(reachable(address));
        } catch (IllegalArgumentException e) {
            throw new VerbFailedException(
                    "--admin must be a host and a port, such as 127.0.0.1:9091, was " + Shown.value(text), e);
        }
    }

    /**
     * The body of an answer.
     *
     * @throws IOException if there is none
     * @throws VerbFailedException if it is something else
     */
    String ask(String target) throws IOException {
        try (Socket connection = new Socket()) {
            connection.connect(address, PATIENCE_MILLIS);
            connection.setSoTimeout(PATIENCE_MILLIS);
            HttpProbe answer = HttpProbe.ask(connection, HttpProbe.get(authority(), target));
            String body = text(answer);
            if (answer.status() != 200) {
                throw new VerbFailedException("the admin port " + authority() + " answers with " + answer.status()
                        + ": " + Shown.oneLine(body.strip()));
            }
            return body;
        }
    }

    /** All of it or none, and fit for a terminal: whoever answers at an address that was given may be anybody. */
    private static String text(HttpProbe answer) throws IOException {
        byte[] body = answer.body().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
        }
        String length = answer.fields().getOrDefault("content-length", String.valueOf(body.length));
        if (!length.equals(String.valueOf(body.length))) {
            throw new EOFException("the connection ended before the answer");
        }
        return COLOUR_OR_CONTROL
                .matcher(new String(body, StandardCharsets.UTF_8))
                .replaceAll("$1");
    }

    /** In digits, since names may be refused. */
    String authority() {
        return new ListenAddress("http", address).uri().substring("http://".length());
    }
}
