package dev.aiproxy.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The AI server of a soak: it does what each request's {@link SoakKind} says and keeps nothing but the ledger. */
final class SoakUpstream implements AutoCloseable {
    static final int EVENTS = 20;
    private static final int BACKLOG = 512;
    private static final int SILENT_MILLIS = 150;
    private static final int MOST_MILLIS_BEFORE_CLOSING = 20;
    private static final int LONGEST_LEFT_MILLIS = 30_000;

    private final ServerSocket listener;
    private final SoakLedger ledger;
    private final Random seeds;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong leavesSeen = new AtomicLong();

    private SoakUpstream(ServerSocket listener, SoakLedger ledger, long seed) {
        this.listener = listener;
        this.ledger = ledger;
        this.seeds = new Random(seed);
    }

    static SoakUpstream start(SoakLedger ledger, long seed) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        SoakUpstream upstream = new SoakUpstream(listener, ledger, seed);
        Background.run(upstream::accept);
        return upstream;
    }

    int port() {
        return listener.getLocalPort();
    }

    int openConnections() {
        return open.size();
    }

    /** How many streams it saw end because their client had left. */
    long leavesSeen() {
        return leavesSeen.get();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            open.add(socket);
            Random random = new Random(seeds.nextLong());
            Background.run(() -> serve(socket, random));
        }
    }

    private void serve(Socket socket, Random random) throws IOException {
        try (socket) {
            converse(socket, random);
            if (!socket.isClosed()) {
                // A close with something unread would be a reset alone, which does not tell that nothing was read.
                socket.shutdownOutput();
            }
        } finally {
            open.remove(socket);
        }
    }

    private void converse(Socket socket, Random random) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            WireReader wire = new WireReader(new BufferedInputStream(socket.getInputStream()));
            for (Optional<MessageHead> head = wire.head(); head.isPresent(); head = wire.head()) {
                socket.setSoTimeout(0);
                String target = head.get().startLine().split(" ")[1];
                int length = wire.exactly(head.get().contentLength().orElse(0L).intValue()).length;
                ledger.seen(target);
                if (!answer(socket, SoakKind.of(target), target, length, random)) {
                    return;
                }
            }
        } catch (SocketTimeoutException idle) {
            // The connection is to be closed.
        }
    }

    /** Returns whether the connection goes on. */
    private boolean answer(Socket socket, SoakKind kind, String target, int length, Random random) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (kind) {
            case STREAM -> events(out, EVENTS, random, "0\r\n\r\n");
            case LEAVE, ABORT -> streamUntilLeft(out, target);
            case TORN -> tear(socket, random);
            case SWALLOWED -> socket.close();
            case SLOW -> {
                pause(SILENT_MILLIS);
                whole(out, target, length);
            }
            case CLOSING -> {
                whole(out, target, length);
                socket.setSoTimeout(1 + random.nextInt(MOST_MILLIS_BEFORE_CLOSING));
            }
            default -> whole(out, target, length);
        }
        return !socket.isClosed();
    }

    private static void whole(OutputStream out, String target, int length) throws IOException {
        String body = "{\"answers\":\"" + target + "\",\"bytes\":" + length + "}";
        send(out, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void events(OutputStream out, int count, Random random, String end) throws IOException {
        send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int number = 1; number <= count; number++) {
            pause(random.nextInt(4));
            String event = Answers.event(number);
            send(out, Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
        }
        send(out, end);
    }

    private void tear(Socket socket, Random random) throws IOException {
        events(socket.getOutputStream(), 1 + random.nextInt(5), random, "");
        if (random.nextBoolean()) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private void streamUntilLeft(OutputStream out, String target) {
        try {
            events(out, LONGEST_LEFT_MILLIS / 2, new Random(1), "0\r\n\r\n");
            ledger.disagree(target, "was streamed to its end, though its client had left");
        } catch (IOException left) {
            leavesSeen.incrementAndGet();
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
