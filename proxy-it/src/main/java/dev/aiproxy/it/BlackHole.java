package dev.aiproxy.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A port whose connections are never established: its backlog is full and nobody accepts, so the kernel drops every
 * further SYN. The nearest thing on loopback to a host behind a firewall that swallows packets.
 */
public final class BlackHole implements AutoCloseable {
    private static final int MOST_FILLERS = 16;
    private static final int CONNECT_MILLIS = 150;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    private BlackHole(ServerSocket listener) {
        this.listener = listener;
    }

    /**
     * Opens the port and fills its backlog.
     *
     * @throws IOException if the kernel goes on to accept connections
     */
    public static BlackHole open() throws IOException {
        BlackHole hole = new BlackHole(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        for (int i = 0; i < MOST_FILLERS; i++) {
            if (!hole.takesOneMore()) {
                return hole;
            }
        }
        hole.close();
        throw new IOException("the backlog does not fill");
    }

    private boolean takesOneMore() throws IOException {
        Socket filler = new Socket();
        fillers.add(filler);
        try {
            filler.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), CONNECT_MILLIS);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    /** The black hole as a target. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /**
     * Takes every connection that comes within this time, as a server does that wakes up.
     *
     * @return how many bytes have come on them, all together
     */
    public long acceptAll(Duration within) throws IOException {
        long bytes = 0;
        long deadline = System.nanoTime() + within.toNanos();
        listener.setSoTimeout(CONNECT_MILLIS);
        for (Socket filler : fillers) {
            filler.close();
        }
        while (System.nanoTime() < deadline) {
            bytes += acceptOne();
        }
        return bytes;
    }

    private long acceptOne() throws IOException {
        try (Socket accepted = listener.accept()) {
            accepted.setSoTimeout(CONNECT_MILLIS);
            return accepted.getInputStream().readAllBytes().length;
        } catch (SocketTimeoutException nothing) {
            return 0;
        } catch (SocketException reset) {
            // Given up while it was waiting: nothing to read.
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
