package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One HTTP/2 connection of the client, begun with prior knowledge (RFC 9113 §3.3), with some lanes on it. */
final class Http2ClientConnection implements EventLoop.Handler {
    private final Client client;
    private final InetSocketAddress proxy;
    private final SocketChannel channel;
    private final Outlet outlet;
    private final Http2Session session;
    private final Set<Http2Lane> lanes = new LinkedHashSet<>();
    private int lastStream = -1;
    private long readNanos;

    private Http2ClientConnection(Client client, InetSocketAddress proxy, SocketChannel channel) {
        this.client = client;
        this.proxy = proxy;
        this.channel = channel;
        outlet = new Outlet(new Wire.Plain(channel));
        session = new Http2Session(outlet, client.filler(), new ClientSide());
    }

    static Http2ClientConnection open(Client client, InetSocketAddress proxy, SocketChannel channel)
            throws IOException {
        Http2ClientConnection connection = new Http2ClientConnection(client, proxy, channel);
        connection.outlet.start(client.loop().register(channel, SelectionKey.OP_READ, connection));
        connection.session.start();
        return connection;
    }

    /** Whether the proxy has said how many streams it takes, or never will. */
    boolean isGreeted() {
        return session.isGreeted() || !channel.isOpen();
    }

    /** Whether it leads there and takes one more lane, of so many that are wanted or fewer that the proxy takes. */
    boolean hasRoom(InetSocketAddress wanted, int mostLanes) {
        return channel.isOpen() && proxy.equals(wanted) && lanes.size() < Math.min(mostLanes, session.mostStreams());
    }

    Lane addLane(Lane.Listener listener) {
        Http2Lane lane = new Http2Lane(this, listener);
        lanes.add(lane);
        return lane;
    }

    /** Closes with the last lane. */
    void leave(Http2Lane lane) throws IOException {
        if (lanes.remove(lane) && lanes.isEmpty()) {
            channel.close();
        }
    }

    int nextStream() {
        lastStream += 2;
        return lastStream;
    }

    /** What goes wrong is the stream's alone: if it is the connection's, the next look at that tells. */
    void send(Http2Stream stream, Request request) {
        try {
            session.open(stream);
            session.send(stream, request.message());
            if (request.fillerBytes() > 0) {
                session.fill(stream, request.fillerBytes());
            }
        } catch (IOException failure) {
            fail(stream, failure);
        }
    }

    private void fail(Http2Stream stream, IOException failure) {
        try {
            session.fail(stream, failure);
        } catch (IOException untold) {
            failure.addSuppressed(untold);
        }
    }

    void reset(Http2Stream stream) throws IOException {
        session.reset(stream);
    }

    long readNanos() {
        return readNanos;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (key.isWritable()) {
            session.flush();
        }
        int count;
        ByteBuffer input;
        do {
            input = client.input();
            count = channel.read(input);
            readNanos = System.nanoTime();
            session.read(input.flip());
        } while (count == input.capacity() && channel.isOpen());
        if (count < 0) {
            throw new IOException("connection closed");
        }
    }

    @Override
    public void failed(IOException failure) {
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            failure.addSuppressed(closedAnyway);
        }
        session.close(failure);
        // Those that were idle are no more either.
        List.copyOf(lanes).forEach(lane -> lane.failed(failure));
    }
}
