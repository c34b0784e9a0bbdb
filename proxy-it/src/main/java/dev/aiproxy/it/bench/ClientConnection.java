package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection of the client, with one exchange on it at a time. */
final class ClientConnection implements EventLoop.Handler, MessageReader.Parts {
    private final Client client;
    private final SocketChannel channel;
    private final Listener listener;
    private final MessageReader answers = MessageReader.ofResponses(this);
    private SelectionKey key;
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private long fillerBytesLeft;
    private long sentNanos;
    private long readNanos;
    private int status;
    private long answerBytes;
    private long expectedBytes;

    ClientConnection(Client client, SocketChannel channel, Listener listener) {
        this.client = client;
        this.channel = channel;
        this.listener = listener;
    }

    void start(SelectionKey itsKey) {
        key = itsKey;
    }

    void send(Request request) throws IOException {
        unsent = request.bytes();
        fillerBytesLeft = request.fillerBytes();
        expectedBytes = request.answerBytes();
        answerBytes = 0;
        sentNanos = System.nanoTime();
        write();
    }

    /** When the last request was begun. */
    long sentNanos() {
        return sentNanos;
    }

    void close() throws IOException {
        channel.close();
    }

    /** Closes with a reset (RST), as a client that died does. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void ready(SelectionKey itsKey) throws IOException {
        if (itsKey.isWritable()) {
            write();
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

    private void write() throws IOException {
        channel.write(unsent);
        while (!unsent.hasRemaining() && fillerBytesLeft > 0) {
            ByteBuffer filler = client.filler(fillerBytesLeft);
            int count = channel.write(filler);
            fillerBytesLeft -= count;
            if (filler.hasRemaining()) {
                break;
            }
        }
        Wire.wantsToWrite(key, unsent.hasRemaining() || fillerBytesLeft > 0);
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
        status = Integer.parseInt(text.substring(9, 12));
    }

    @Override
    public void body(ByteBuffer piece) throws IOException {
        if (status != 200) {
            throw new IOException("status " + status);
        }
        answerBytes += piece.remaining();
        listener.body(this, piece, readNanos);
    }

    @Override
    public void end() throws IOException {
        if (status != 200) {
            throw new IOException("status " + status);
        }
        if (answerBytes != expectedBytes) {
            throw new IOException(answerBytes + " bytes came instead of " + expectedBytes);
        }
        listener.answered(this, readNanos);
    }

    /** Hears what comes back. */
    interface Listener {
        default void body(ClientConnection connection, ByteBuffer piece, long nowNanos) {}

        void answered(ClientConnection connection, long nowNanos) throws IOException;

        void failed(ClientConnection connection, IOException failure);
    }
}
