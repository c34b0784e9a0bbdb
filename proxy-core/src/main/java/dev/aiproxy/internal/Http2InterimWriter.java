package dev.aiproxy.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Sends 1xx heads on an HTTP/2 stream one after another, and lets the final response wait until they are out; what
 * {@link InterimWriter} does for HTTP/1.1. The lock guards all fields; nothing is called under it.
 */
final class Http2InterimWriter implements Callback {

    /** What may wait for a client that does not read. No server sends so many before an answer. */
    private static final int MAX_WAITING = 64;

    private final BiConsumer<MetaData.Response, Callback> sender;
    private final Object lock = new Object();
    private final Deque<MetaData.Response> waiting = new ArrayDeque<>(0);
    private boolean isWriting;
    private @Nullable Runnable afterwards;

    /** @param sender sends one head */
    Http2InterimWriter(BiConsumer<MetaData.Response, Callback> sender) {
        this.sender = sender;
    }

    /** Sends a head now or behind those under way; returns whether there is room for it. */
    boolean write(MetaData.Response head) {
        synchronized (lock) {
            if (isWriting) {
                waiting.add(head);
                return waiting.size() <= MAX_WAITING;
            }
            isWriting = true;
        }
        sender.accept(head, this);
        return true;
    }

    /** Runs the action when no head is being sent; at once, mostly. */
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
        MetaData.Response next;
        Runnable action = null;
        synchronized (lock) {
            next = waiting.poll();
            if (next == null) {
                action = done();
            }
        }
        if (next != null) {
            sender.accept(next, this);
        } else if (action != null) {
            action.run();
        }
    }

    @Override
    public void failed(Throwable cause) {
        Runnable action;
        synchronized (lock) {
            waiting.clear();
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
