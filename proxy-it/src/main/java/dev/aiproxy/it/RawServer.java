package dev.aiproxy.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An upstream that does nothing by itself: a test plays it, with a {@link RawClient} for the other end of each connection.
 * Listens on 127.0.0.1 only. For one thread at a time.
 */
public final class RawServer implements AutoCloseable {
    private static final int BACKLOG = 200;
    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private final ServerSocket listener;
    private final List<RawClient> accepted = new ArrayList<>();

    private RawServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on a free port. */
    public static RawServer open() throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        listener.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        return new RawServer(listener);
    }

    /** Where it listens, as in a URI. */
    public String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The next connection; waits for it. */
    public RawClient accept() throws IOException {
        RawClient peer = RawClient.accepted(listener.accept());
        accepted.add(peer);
        return peer;
    }

    /** Whoever speaks next: this peer of before, or one that connects for it; waits for either. */
    public RawClient nextOf(RawClient peer) throws IOException {
        long deadline = System.nanoTime() + Eventually.PATIENCE.toNanos();
        while (peer.isQuiet(A_MOMENT)) {
            Optional<RawClient> other = acceptWithin(A_MOMENT);
            if (other.isPresent()) {
                return other.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("nobody speaks");
            }
        }
        return peer;
    }

    private Optional<RawClient> acceptWithin(Duration time) throws IOException {
        listener.setSoTimeout((int) time.toMillis());
        try {
            return Optional.of(accept());
        } catch (SocketTimeoutException nobody) {
            return Optional.empty();
        } finally {
            listener.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        }
    }

    /** Stops listening, and closes every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (RawClient peer : accepted) {
            peer.close();
        }
    }
}
