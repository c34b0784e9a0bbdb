package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The client's request body on its way to the upstream: read when the upstream can take more, never before.
 *
 * <p>It may be held back at first ({@code Expect: 100-continue}) until {@link #release()}; its beginning may be kept, so
 * that it can be {@linkplain #rewind() sent once more}; and it may be thrown away at the end by {@link #drain}. The lock
 * guards the mode, the reads and what is kept; callbacks run outside it.
 */
final class RequestBody implements Request.Content {

    private enum Mode {
        HELD,
        FLOWING,
        DRAINING
    }

    private final org.eclipse.jetty.server.Request request;
    private final ProxyExchange exchange;
    private final Object lock = new Object();
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private final Invocable.Task onAvailable = Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::onAvailable);
    private final KeptBytes kept;
    private Mode mode;
    private boolean isDemanded;
    private long readBytes;
    private volatile boolean isCompletelyRead;

    /**
     * Wraps the body of a request.
     *
     * @param isHeldBack whether it waits for {@link #release()}
     * @param replayBufferBytes how much of it is kept at most
     */
    RequestBody(
            org.eclipse.jetty.server.Request request,
            ProxyExchange exchange,
            boolean isHeldBack,
            int replayBufferBytes) {
        this.request = request;
        this.exchange = exchange;
        this.mode = isHeldBack ? Mode.HELD : Mode.FLOWING;
        this.kept = new KeptBytes(replayBufferBytes);
    }

    /** Lets a body flow that was held back. */
    void release() {
        synchronized (lock) {
            if (mode != Mode.HELD) {
                return;
            }
            mode = Mode.FLOWING;
        }
        if (waiting.get() != null) {
            demandMore();
        }
    }

    /** Goes back to the beginning; returns whether that is possible. */
    @Override
    public boolean rewind() {
        synchronized (lock) {
            return kept.rewind();
        }
    }

    /** The body will not be needed once more. */
    void forget() {
        synchronized (lock) {
            kept.forget();
        }
    }

    /**
     * Takes the body from the upstream and throws the rest of it away: a client that is still sending when its
     * connection is closed gets a reset, and with it may lose an answer that it has not read yet.
     *
     * @param whenDone runs when the client has ended or left
     */
    void drain(Runnable whenDone) {
        synchronized (lock) {
            mode = Mode.DRAINING;
        }
        waiting.set(() -> discard(whenDone));
        demandMore();
    }

    private void discard(Runnable whenDone) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                drain(whenDone);
                return;
            }
            chunk.release();
            if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
                isCompletelyRead = true;
                whenDone.run();
                return;
            }
        }
    }

    /** Whether the client has sent all of it. */
    boolean isCompletelyRead() {
        return isCompletelyRead;
    }

    /** Whether there is more to come that nobody asks for, because the upstream does not take it. */
    boolean isStalled() {
        synchronized (lock) {
            return !isDemanded && !isCompletelyRead;
        }
    }

    @Override
    public @Nullable String getContentType() {
        // Null keeps jetty-client from adding a Content-Type.
        return null;
    }

    @Override
    public long getLength() {
        return request.getLength();
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk;
        synchronized (lock) {
            if (mode == Mode.DRAINING) {
                return Content.Chunk.from(new IOException("request given up"), true);
            }
            if (mode == Mode.HELD) {
                return null;
            }
            ByteBuffer again = kept.next();
            if (again != null) {
                return Content.Chunk.from(again, isCompletelyRead);
            }
            chunk = isCompletelyRead ? Content.Chunk.EOF : readNew();
        }
        if (chunk != null && Content.Chunk.isFailure(chunk)) {
            exchange.onRequestBodyFailed(chunk.getFailure());
            // Jetty hands out a timeout as a failure that could be read past; for an exchange it is the end.
            return Content.Chunk.from(chunk.getFailure(), true);
        }
        return chunk;
    }

    private Content.@Nullable Chunk readNew() {
        Content.Chunk chunk = request.read();
        if (chunk == null || Content.Chunk.isFailure(chunk)) {
            return chunk;
        }
        kept.add(chunk.getByteBuffer());
        readBytes += chunk.remaining();
        exchange.onRequestBytes(chunk.remaining());
        // By its length, too, and not only when Jetty reports the end: the answer may be faster than that.
        boolean isLast = chunk.isLast() || readBytes == getLength();
        isCompletelyRead = isLast;
        return isLast && !chunk.isLast() ? Content.Chunk.asChunk(chunk.getByteBuffer(), true, chunk) : chunk;
    }

    @Override
    public void demand(Runnable callback) {
        waiting.set(callback);
        boolean isHeld;
        synchronized (lock) {
            isHeld = mode == Mode.HELD;
        }
        if (!isHeld) {
            demandMore();
        }
    }

    @Override
    public void fail(Throwable failure) {
        // What the client still sends is not jetty-client's to fail: the response to it may yet be on its way.
    }

    /** Asks Jetty for more, which must not be asked twice. */
    private void demandMore() {
        synchronized (lock) {
            if (isDemanded) {
                return;
            }
            isDemanded = true;
        }
        request.demand(onAvailable);
    }

    private void onAvailable() {
        synchronized (lock) {
            isDemanded = false;
        }
        Runnable callback = waiting.getAndSet(null);
        if (callback != null) {
            callback.run();
        }
    }
}
