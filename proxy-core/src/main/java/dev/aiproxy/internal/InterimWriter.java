package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes 1xx heads one after another, and lets the final response wait until they are out: jetty-client does not wait for
 * them. The lock guards all fields; nothing is called under it.
 */
final class InterimWriter implements Callback {

    private final EndPoint endPoint;
    private final Object lock = new Object();
    private final Deque<ByteBuffer> heads = new ArrayDeque<>(1);
    private boolean isWriting;
    private @Nullable Runnable afterwards;

    InterimWriter(EndPoint endPoint) {
        this.endPoint = endPoint;
    }

    void write(HeadWriter head) {
        ByteBuffer bytes = ByteBuffer.wrap(head.toBytes());
        synchronized (lock) {
            if (isWriting) {
                heads.add(bytes);
                return;
            }
            isWriting = true;
        }
        endPoint.write(this, bytes);
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
        ByteBuffer next;
        synchronized (lock) {
            next = heads.poll();
        }
        if (next != null) {
            endPoint.write(this, next);
            return;
        }
        done();
    }

    @Override
    public void failed(Throwable cause) {
        // The final response will meet the same fate and tell of it.
        done();
    }

    private void done() {
        Runnable waiting;
        synchronized (lock) {
            if (!heads.isEmpty() && endPoint.isOpen()) {
                waiting = this::succeeded;
            } else {
                isWriting = false;
                waiting = afterwards;
                afterwards = null;
            }
        }
        if (waiting != null) {
            waiting.run();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
