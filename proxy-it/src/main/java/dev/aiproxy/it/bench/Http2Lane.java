package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A lane on an HTTP/2 connection that it may share: one stream after the other. */
final class Http2Lane implements Lane {
    private final Http2ClientConnection connection;
    private final Listener listener;
    private final AnswerCheck check = new AnswerCheck();
    private @Nullable Exchange current;
    private long sentNanos;

    Http2Lane(Http2ClientConnection connection, Listener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    @Override
    public void send(Request request) {
        check.begin(request);
        sentNanos = System.nanoTime();
        current = new Exchange(connection.nextStream());
        connection.send(current, request);
    }

    @Override
    public long sentNanos() {
        return sentNanos;
    }

    @Override
    public void close() throws IOException {
        connection.leave(this);
    }

    /** By RST_STREAM; the connection stays. */
    @Override
    public void reset() throws IOException {
        if (current != null) {
            connection.reset(current);
        }
    }

    /** The lane is no more, whether its exchange failed or the whole connection. */
    void failed(IOException failure) {
        try {
            connection.leave(this);
        } catch (IOException closedAnyway) {
            failure.addSuppressed(closedAnyway);
        }
        listener.failed(this, failure);
    }

    /** One exchange on it. */
    private final class Exchange extends Http2Stream {
        Exchange(int id) {
            super(id);
        }

        @Override
        void head(String value) {
            check.status(value);
        }

        @Override
        void body(ByteBuffer piece) throws IOException {
            check.body(piece.remaining());
            listener.body(Http2Lane.this, piece, connection.readNanos());
        }

        @Override
        void end() throws IOException {
            check.end();
            listener.answered(Http2Lane.this, connection.readNanos());
        }

        @Override
        void failed(IOException failure) {
            Http2Lane.this.failed(failure);
        }
    }
}
