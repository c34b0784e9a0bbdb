package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** What is to be written to a wire, now or as soon as there is room. */
final class Outlet {
    private final Wire wire;
    private SelectionKey key;
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    Outlet(Wire wire) {
        this.wire = wire;
    }

    void start(SelectionKey itsKey) {
        key = itsKey;
    }

    /** Takes all bytes of the buffer, which may be used again at once. */
    void send(ByteBuffer bytes) throws IOException {
        if (!unsent.hasRemaining()) {
            wire.write(bytes);
        }
        if (bytes.hasRemaining()) {
            ByteBuffer joined = ByteBuffer.allocate(unsent.remaining() + bytes.remaining());
            unsent = joined.put(unsent).put(bytes).flip();
        }
        awaitRoom(isCongested());
    }

    /** Writes as much as there is room for of bytes that mean nothing, and returns how many are left to be written. */
    long fill(Filler filler, long bytes) throws IOException {
        long left = bytes;
        while (left > 0 && !isCongested()) {
            ByteBuffer some = filler.bytes(left);
            int offered = some.remaining();
            wire.write(some);
            left -= offered - some.remaining();
            if (some.hasRemaining()) {
                break;
            }
        }
        awaitRoom(left > 0 || isCongested());
        return left;
    }

    /** Writes what waits for room. */
    void flush() throws IOException {
        wire.write(unsent);
        awaitRoom(isCongested());
    }

    boolean isCongested() throws IOException {
        return unsent.hasRemaining() || !wire.flush();
    }

    private void awaitRoom(boolean wanted) {
        int operations = wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.isValid() && key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }
}
