package dev.aiproxy.it;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that keeps connections for a few milliseconds only, each for another time, and then ends them if they are
 * idle: the worst case of what every server does after a minute. What it has read it answers, always; what comes too
 * late it never reads, and the kernel answers with a reset.
 */
final class FickleUpstream implements AutoCloseable {

    /** How it ends a connection. */
    enum Manner {
        /** Always by a FIN, so that a request that comes too late is known to be unread by the reset that follows. */
        FIN,
        /** At times by a reset alone, which a server that has read the request could have sent as well. */
        ANY
    }

    private static final int LONGEST_IDLE_MILLIS = 5;
    private static final int BACKLOG = 256;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> readBodies = new ConcurrentHashMap<>();
    private final AtomicInteger idleCloses = new AtomicInteger();
    private final Random seeds;
    private final Manner manner;

    private FickleUpstream(ServerSocket listener, long seed, Manner manner) {
        this.listener = listener;
        this.seeds = new Random(seed);
        this.manner = manner;
    }

    /** Starts one on a free port; the seed decides how long each connection is kept. */
    static FickleUpstream start(long seed, Manner manner) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        FickleUpstream upstream = new FickleUpstream(listener, seed, manner);
        Background.run(upstream::accept);
        return upstream;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** How often a body was read from its first byte on. */
    int timesRead(String body) {
        AtomicInteger times = readBodies.get(body);
        return times == null ? 0 : times.get();
    }

    /** How many connections it has closed because they were idle. */
    int idleCloses() {
        return idleCloses.get();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            Random random = new Random(seeds.nextLong());
            open.add(socket);
            Background.run(() -> serve(socket, random));
        }
    }

    private void serve(Socket socket, Random random) throws IOException {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
            WireReader wire = new WireReader(in);
            // A fresh connection is given time, as servers do; it is the kept ones that are dropped.
            do {
                answer(socket, wire);
            } while (comesInTime(socket, in, random));
            if (manner == Manner.FIN) {
                // First, whatever has just arrived: a close with something unread is a reset and nothing else.
                socket.shutdownOutput();
            } else if (random.nextInt(4) == 0) {
                socket.setSoLinger(true, 0);
            }
        } finally {
            open.remove(socket);
        }
    }

    private boolean comesInTime(Socket socket, PushbackInputStream in, Random random) throws IOException {
        socket.setSoTimeout(1 + random.nextInt(LONGEST_IDLE_MILLIS));
        try {
            int first = in.read();
            if (first != -1) {
                in.unread(first);
            }
            return first != -1;
        } catch (SocketTimeoutException idle) {
            idleCloses.incrementAndGet();
            return false;
        } finally {
            socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        }
    }

    private void answer(Socket socket, WireReader wire) throws IOException {
        MessageHead head = wire.head().orElseThrow();
        byte[] body = wire.exactly(head.contentLength().orElse(0L).intValue());
        readBodies
                .computeIfAbsent(new String(body, StandardCharsets.ISO_8859_1), any -> new AtomicInteger())
                .incrementAndGet();
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
        byte[] bytes = (answer + new String(body, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
