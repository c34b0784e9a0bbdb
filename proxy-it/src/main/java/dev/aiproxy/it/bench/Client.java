package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** All clients of the benchmark: one thread (the caller's), one selector, one buffer to read into. */
final class Client implements AutoCloseable {
    private static final int BUFFER_BYTES = 262_144;

    private final EventLoop loop;
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer filler = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private Client(EventLoop loop) {
        this.loop = loop;
    }

    static Client open() throws IOException {
        return new Client(EventLoop.prompt());
    }

    Lane connect(InetSocketAddress proxy, Lane.Listener listener) throws IOException {
        SocketChannel channel = SocketChannel.open(proxy);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ClientConnection connection = new ClientConnection(this, channel, listener);
        connection.start(loop.register(channel, SelectionKey.OP_READ, connection));
        return connection;
    }

    EventLoop loop() {
        return loop;
    }

    ByteBuffer input() {
        return input.clear();
    }

    ByteBuffer filler(long bytes) {
        return filler.clear().limit((int) Math.min(bytes, filler.capacity()));
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
