package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One exchange of the client at a time. */
interface Lane {
    /** Nothing else must be under way on it. */
    void send(Request request) throws IOException;

    /** When the last request was begun. */
    long sentNanos();

    /** Done with it. */
    void close() throws IOException;

    /** Ends what is under way at once, in the way that says it is unwanted. */
    void reset() throws IOException;

    /** Hears what comes back. */
    interface Listener {
        default void body(Lane lane, ByteBuffer piece, long nowNanos) {}

        void answered(Lane lane, long nowNanos) throws IOException;

        void failed(Lane lane, IOException failure);
    }
}
