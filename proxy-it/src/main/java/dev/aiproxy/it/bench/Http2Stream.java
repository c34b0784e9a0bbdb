package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One stream of an HTTP/2 connection: one side's view of an exchange, which hears what comes. */
abstract class Http2Stream {
    private final int id;
    private long windowBytes;
    private long fillerBytesLeft;
    private boolean sent;
    private boolean received;

    Http2Stream(int id) {
        this.id = id;
    }

    /** The one field of the head that matters, see {@link Http2Session.Side#field}. */
    abstract void head(String value) throws IOException;

    /** Some of the body; what is left in the buffer is skipped. */
    abstract void body(ByteBuffer piece) throws IOException;

    /** All of the message has come. */
    abstract void end() throws IOException;

    /** The stream or its connection ended too early, or what it told was refused. */
    abstract void failed(IOException failure);

    final int id() {
        return id;
    }

    /** How much the other side still takes on it. */
    final long windowBytes() {
        return windowBytes;
    }

    /** By less than nothing when it is used. */
    final void widen(long bytes) {
        windowBytes += bytes;
    }

    final long fillerBytesLeft() {
        return fillerBytesLeft;
    }

    final void fill(long bytes) {
        fillerBytesLeft = bytes;
    }

    final void markSent() {
        sent = true;
    }

    final void markReceived() {
        received = true;
    }

    final boolean isOver() {
        return sent && received;
    }
}
