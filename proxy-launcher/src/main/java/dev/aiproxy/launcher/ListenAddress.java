package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Where a proxy listens.
 *
 * @param scheme {@code http} or {@code https}
 * @param socket address and port, both known
 */
record ListenAddress(String scheme, InetSocketAddress socket) {

    /** As told to people, such as {@code http://0.0.0.0:8080}. */
    String uri() {
        return uri(socket.getAddress());
    }

    /** As used by clients on this machine. */
    String localUri() {
        return isWildcard() ? scheme + "://localhost:" + socket.getPort() : uri();
    }

    /** As used by clients that know this machine by another of its addresses. */
    String uri(InetAddress address) {
        String host = IpText.of(address);
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
    }

    boolean isWildcard() {
        return socket.getAddress().isAnyLocalAddress();
    }

    /**
     * Whether the process behind this address is alive to its connections: it has to notice that one has ended, and to
     * end it, too. No request is made, so nothing is counted or logged; and it works whatever the listener speaks.
     */
    boolean isServed(Duration patience) {
        InetAddress address = isWildcard() ? InetAddress.getLoopbackAddress() : socket.getAddress();
        try (Socket connection = new Socket()) {
            connection.connect(new InetSocketAddress(address, socket.getPort()), (int) patience.toMillis());
            connection.setSoTimeout((int) patience.toMillis());
            connection.shutdownOutput();
            connection.getInputStream().readAllBytes();
            return true;
        } catch (IOException e) {
            return isReset(e);
        }
    }

    /** A reset is an end as well; a refused connection or a timeout is not. */
    private static boolean isReset(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("reset");
    }
}
