package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes 1xx heads one after another, and lets the final response wait until they are out: jetty-client does not wait for
 * them. The lock guards all fields; nothing is called under it.
 */
final class InterimWriter implements Callback {

    /** What may wait for a client that does not read. No server sends so much before an answer. */
    private static final int MAX_WAITING_BYTES = 64 * 1024;

    private final EndPoint endPoint;
    private final Object lock = new Object();
    /** Made when a head must wait, which is seldom. */
    private @Nullable HeadWriter waiting;

    private boolean isWriting;
    private @Nullable Runnable afterwards;

    InterimWriter(EndPoint endPoint) {
        this.endPoint = endPoint;
    }

    /** Writes a head now or behind those under way; returns whether there is room for it. */
    boolean write(HeadWriter head) {
        byte[] bytes = head.toBytes();
        synchronized (lock) {
            if (isWriting) {
                waiting = (waiting == null ? new HeadWriter() : waiting).bytes(bytes, 0, bytes.length);
                return waiting.length() <= MAX_WAITING_BYTES;
            }
            isWriting = true;
        }
        endPoint.write(this, ByteBuffer.wrap(bytes));
        return true;
    }

    /** Runs the action when no head is being written; at once, mostly. */
    void afterwards(Runnable action) {
        synchronized (lock) {
            if (isWriting) {
                afterwards = action;
                return;
            }
        }
        action.run();
    }

    @Override
    public void succeeded() {
        HeadWriter next;
        Runnable action;
        synchronized (lock) {
            // All at once, so that this is not called from within itself for each of them.
            next = waiting;
            waiting = null;
            action = next == null ? done() : null;
        }
        if (next != null) {
            endPoint.write(this, ByteBuffer.wrap(next.toBytes()));
        } else if (action != null) {
            action.run();
        }
    }

    @Override
    public void failed(Throwable cause) {
        Runnable action;
        synchronized (lock) {
            action = done();
        }
        if (action != null) {
            // The final response will meet the same fate and tell of it.
            action.run();
        }
    }

    private @Nullable Runnable done() {
        Runnable action = afterwards;
        afterwards = null;
        isWriting = false;
        return action;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
