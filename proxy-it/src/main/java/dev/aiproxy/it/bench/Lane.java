package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One exchange of the client at a time: on a connection of its own, or as a stream beside others. */
interface Lane {
    /** Nothing else must be under way on it. */
    void send(Request request) throws IOException;

    /** When the last request was begun. */
    long sentNanos();

    /** Done with it: its connection closes, once all its other lanes are done with, too. */
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
