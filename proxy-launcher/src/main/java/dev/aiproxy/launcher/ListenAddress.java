package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a proxy listens.
 *
 * @param scheme {@code http} or {@code https}
 * @param socket address and port, both known
 */
record ListenAddress(String scheme, InetSocketAddress socket) {

    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * Where a proxy with these settings would listen; its port may be 0, for one that the system chooses.
     *
     * @throws UnknownHostException if the host name is unknown
     */
    static ListenAddress of(Settings settings) throws UnknownHostException {
        InetAddress host = InetAddress.getByName(settings.get(ConfigKey.LISTEN_HOST));
        String scheme = settings.listenTls().isPresent() ? "https" : "http";
        return new ListenAddress(scheme, new InetSocketAddress(host, settings.get(ConfigKey.LISTEN_PORT)));
    }

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

    /** Asks again and again until it is served or time is over. */
    boolean awaitServed(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isServed(patience)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
        }
        return true;
    }

    /** A reset is an end as well; a refused connection or a timeout is not. */
    private static boolean isReset(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("reset");
    }
}
