package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All clients of the benchmark: one thread (the caller's), one selector, one buffer to read into, one protocol. */
final class Client implements AutoCloseable {
    private static final int BUFFER_BYTES = 262_144;
    private static final long LONGEST_GREETING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final EventLoop loop;
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Filler filler = new Filler();

    private final ClientProtocol protocol;
    private @Nullable Http2ClientConnection newest;

    private Client(EventLoop loop, ClientProtocol protocol) {
        this.loop = loop;
        this.protocol = protocol;
    }

    static Client open(ClientProtocol protocol) throws IOException {
        return new Client(EventLoop.prompt(), protocol);
    }

    /** One more lane, on a new connection if there is no room on the last one. */
    Lane connect(InetSocketAddress proxy, Lane.Listener listener) throws IOException {
        if (!protocol.isHttp2()) {
            return connectAlone(proxy, listener);
        }
        if (newest == null || !newest.hasRoom(proxy, protocol.lanesEach())) {
            newest = connectForMany(proxy);
        }
        return newest.addLane(listener);
    }

    /** Waits for the proxy to say how many streams it takes: lanes beyond that would all be refused. */
    private Http2ClientConnection connectForMany(InetSocketAddress proxy) throws IOException {
        Http2ClientConnection connection = Http2ClientConnection.open(this, proxy, channel(proxy));
        loop.runUntil(System.nanoTime() + LONGEST_GREETING_NANOS, connection::isGreeted);
        return connection;
    }

    private Lane connectAlone(InetSocketAddress proxy, Lane.Listener listener) throws IOException {
        SocketChannel channel = channel(proxy);
        ClientConnection connection = new ClientConnection(this, channel, listener);
        connection.start(loop.register(channel, SelectionKey.OP_READ, connection));
        return connection;
    }

    private static SocketChannel channel(InetSocketAddress proxy) throws IOException {
        SocketChannel channel = SocketChannel.open(proxy);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    EventLoop loop() {
        return loop;
    }

    ByteBuffer input() {
        return input.clear();
    }

    Filler filler() {
        return filler;
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
