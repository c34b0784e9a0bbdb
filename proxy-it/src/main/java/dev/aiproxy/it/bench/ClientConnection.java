package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A lane that is an HTTP/1.1 connection. */
final class ClientConnection implements Lane, EventLoop.Handler, MessageReader.Parts {
    private final Client client;
    private final SocketChannel channel;
    private final Listener listener;
    private final MessageReader answers = MessageReader.ofResponses(this);
    private final AnswerCheck check = new AnswerCheck();
    private final Outlet outlet;
    private long fillerBytesLeft;
    private long sentNanos;
    private long readNanos;

    ClientConnection(Client client, SocketChannel channel, Listener listener) {
        this.client = client;
        this.channel = channel;
        this.listener = listener;
        outlet = new Outlet(new Wire.Plain(channel));
    }

    void start(SelectionKey key) {
        outlet.start(key);
    }

    @Override
    public void send(Request request) throws IOException {
        fillerBytesLeft = request.fillerBytes();
        check.begin(request);
        sentNanos = System.nanoTime();
        outlet.send(request.bytes());
        fill();
    }

    @Override
    public long sentNanos() {
        return sentNanos;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes with a reset (RST), as a client that died does. */
    @Override
    public void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (key.isWritable()) {
            outlet.flush();
            fill();
        }
        int count;
        ByteBuffer input;
        do {
            input = client.input();
            count = channel.read(input);
            readNanos = System.nanoTime();
            answers.read(input.flip());
        } while (count == input.capacity());
        if (count < 0) {
            ended();
        }
    }

    private void ended() throws IOException {
        if (!answers.endsWithConnection()) {
            throw new IOException("connection closed");
        }
        channel.close();
        end();
    }

    private void fill() throws IOException {
        if (fillerBytesLeft > 0) {
            fillerBytesLeft = outlet.fill(client.filler(), fillerBytesLeft);
        }
    }

    @Override
    public void failed(IOException failure) {
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            failure.addSuppressed(closedAnyway);
        }
        listener.failed(this, failure);
    }

    @Override
    public void head(String text) {
        check.status(text.substring(9, 12));
    }

    @Override
    public void body(ByteBuffer piece) throws IOException {
        check.body(piece.remaining());
        listener.body(this, piece, readNanos);
    }

    @Override
    public void end() throws IOException {
        check.end();
        listener.answered(this, readNanos);
    }
}
