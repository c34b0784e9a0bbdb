package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The AI server of the benchmark, a process of its own with one thread, so that it takes little of the machine:
 * {@code POST /stream?every=MICROS&events=COUNT&tag=NUMBER} streams events, {@code /json} answers shortly, {@code /upload} takes
 * what comes, {@code /download?bytes=COUNT} gives.
 *
 * <p>It speaks HTTP/1.1 or HTTP/2, as each connection begins. Prints {@code port NUMBER} once it listens, then {@code gone TAG
 * NANOS} for each unfinished exchange: its connection ended or, in HTTP/2, its stream was stopped.
 */
final class Stub implements EventLoop.Handler {
    /** Has it agree to HTTP/2 by ALPN, and to nothing else. */
    static final String HTTP_2 = "h2";

    private static final int BACKLOG = 4096;
    private static final int READ_BUFFER_BYTES = 262_144;
    /** One turn of the golden section after the other spreads any number of streams evenly over their interval. */
    private static final double GOLDEN_SECTION = 0.6180339887498949;

    private final EventLoop loop;
    private final ServerSocketChannel listener;
    private final Wires wires;
    private final boolean onlyHttp2;
    private final Event chunk = Event.chunk();
    private final Event frame = Event.frame();
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final Filler filler = new Filler();
    private final Set<String> told = new HashSet<>();
    private double phase;

    private Stub(EventLoop loop, ServerSocketChannel listener, Wires wires, boolean onlyHttp2) {
        this.loop = loop;
        this.listener = listener;
        this.wires = wires;
        this.onlyHttp2 = onlyHttp2;
    }

    /** Takes the key store (PKCS 12) to speak TLS with, and behind it {@link #HTTP_2}; or nothing to speak plainly. */
    public static void main(String[] arguments) throws IOException {
        boolean onlyHttp2 = arguments.length > 1 && arguments[1].equals(HTTP_2);
        Wires wires = arguments.length == 0 ? Wire.Plain::new : TlsWire.wires(Path.of(arguments[0]), onlyHttp2);
        try (EventLoop loop = EventLoop.exact();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
            System.out.println("port " + listener.socket().getLocalPort());
            Stub stub = new Stub(loop, listener, wires, onlyHttp2);
            loop.register(listener, SelectionKey.OP_ACCEPT, stub);
            loop.runUntil(Long.MAX_VALUE, () -> false);
        }
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        SocketChannel channel = listener.accept();
        if (channel == null) {
            return;
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        StubConnection connection = new StubConnection(this, channel, wires.on(channel));
        connection.start(loop.register(channel, SelectionKey.OP_READ, connection));
    }

    @Override
    public void failed(IOException failure) {
        System.err.println("cannot accept: " + failure);
    }

    /** Tells of a mistake, but of the same one only once. */
    void complain(String mistake) {
        if (told.add(mistake)) {
            System.err.println("stub: " + mistake);
        }
    }

    EventLoop loop() {
        return loop;
    }

    /** The event for HTTP/1.1. */
    Event chunk() {
        return chunk;
    }

    /** The event for HTTP/2. */
    Event frame() {
        return frame;
    }

    /** Whether HTTP/1.1 is a mistake. */
    boolean isOnlyHttp2() {
        return onlyHttp2;
    }

    /** Where every connection reads to, in turn. */
    ByteBuffer input() {
        return input.clear();
    }

    Filler filler() {
        return filler;
    }

    /** How much of an interval the next stream is to be ahead of the others. */
    double nextPhase() {
        phase = (phase + GOLDEN_SECTION) % 1;
        return phase;
    }

    /** How connections are spoken on. */
    interface Wires {
        Wire on(SocketChannel channel) throws IOException;
    }
}
