package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The client's request body on its way to the upstream: read when the upstream can take more, never before.
 *
 * <p>It may be held back at first ({@code Expect: 100-continue}) until {@link #release()}; its beginning may be kept, so
 * that it can be sent once more by another {@linkplain #newAttempt() attempt}; and it may be thrown away at the end by
 * {@link #drain}.
 *
 * <p>Jetty's request may be read and demanded by one thread at a time only, so both happen under the lock; callbacks run
 * outside it.
 */
final class RequestBody {

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
    private final Deque<Content.Chunk> prefetched = new ArrayDeque<>(2);
    private @Nullable Attempt current;
    private Mode mode;
    private boolean isDemanded;
    private boolean isDemanding;
    private boolean isAvailableAtOnce;
    private long readBytes;
    private volatile boolean isCompletelyRead;
    private volatile boolean isWholeAhead;

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

    /**
     * Takes what came together with the head, on the thread that has read it. Jetty may let go of its buffer before another
     * thread asks: some requests in ten thousand then waited for bytes that had long arrived. Jetty sends its 100 only when
     * it is asked for more than there is.
     */
    void prefetch() {
        synchronized (lock) {
            Content.Chunk first = prefetchNext();
            if (first != null && mode == Mode.HELD) {
                // RFC 9110 §10.1.1: a client need not wait for the 100 that it has asked for; this one has not.
                mode = Mode.FLOWING;
            }
            // What comes in chunks has an end of its own, without which nobody knows that it is whole.
            isWholeAhead = isEnd(first)
                    || first != null && length() < 0 && !Content.Chunk.isFailure(first) && isEnd(prefetchNext());
        }
    }

    private Content.@Nullable Chunk prefetchNext() {
        Content.Chunk chunk = request.read();
        if (chunk != null) {
            prefetched.add(chunk);
        }
        return chunk;
    }

    private boolean isEnd(Content.@Nullable Chunk chunk) {
        return chunk != null && !Content.Chunk.isFailure(chunk) && (chunk.isLast() || chunk.remaining() == length());
    }

    long length() {
        return request.getLength();
    }

    /** What the upstream's side reads to send the body, to an upstream that may take all of it. */
    Request.Content newAttempt() {
        return newAttempt(() -> false);
    }

    /**
     * What jetty-client reads to send the body, from its beginning; earlier attempts read nothing more.
     *
     * @param isUnwanted whether the upstream takes nothing more, so that the rest stays with the client until it is drained
     */
    Request.Content newAttempt(BooleanSupplier isUnwanted) {
        synchronized (lock) {
            if (current != null) {
                kept.rewind();
            }
            current = new Attempt(isUnwanted);
            return current;
        }
    }

    /** Whether another attempt would find the whole body. */
    boolean isRepeatable() {
        synchronized (lock) {
            return kept.isComplete();
        }
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
            Content.Chunk chunk;
            synchronized (lock) {
                chunk = next();
            }
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

    /** Whether the client has sent all of it, be it that the upstream has not been sent any yet. */
    boolean isAllHere() {
        return isCompletelyRead || isWholeAhead;
    }

    /** Whether there is more to come that nobody asks for, because the upstream does not take it. */
    boolean isStalled() {
        synchronized (lock) {
            return !isDemanded && !isCompletelyRead;
        }
    }

    private Content.@Nullable Chunk read(Attempt attempt) {
        Content.Chunk chunk;
        synchronized (lock) {
            if (mode == Mode.DRAINING || attempt != current) {
                return Content.Chunk.from(new IOException("request given up"), true);
            }
            if (mode == Mode.HELD || attempt.isUnwanted()) {
                return null;
            }
            ByteBuffer again = kept.next();
            if (again != null) {
                // In chunks the end comes by itself: UpstreamEndPoint knows it by having no content.
                return Content.Chunk.from(again, isCompletelyRead && length() >= 0);
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

    private Content.@Nullable Chunk next() {
        Content.Chunk chunk = prefetched.poll();
        return chunk == null ? request.read() : chunk;
    }

    private Content.@Nullable Chunk readNew() {
        Content.Chunk chunk = next();
        if (chunk == null || Content.Chunk.isFailure(chunk)) {
            return chunk;
        }
        kept.add(chunk.getByteBuffer());
        readBytes += chunk.remaining();
        exchange.onRequestBytes(chunk.remaining());
        // By its length, too, and not only when Jetty reports the end: the answer may be faster than that.
        boolean isLast = chunk.isLast() || readBytes == length();
        isCompletelyRead = isLast;
        // In chunks, the end comes by itself: UpstreamEndPoint knows it by having no content.
        boolean isReportedLast = isLast && (length() >= 0 || !chunk.hasRemaining());
        return isReportedLast == chunk.isLast()
                ? chunk
                : Content.Chunk.asChunk(chunk.getByteBuffer(), isReportedLast, chunk);
    }

    private void demand(Attempt attempt, Runnable callback) {
        synchronized (lock) {
            if (attempt != current || mode == Mode.DRAINING) {
                return;
            }
            waiting.set(callback);
            if (mode == Mode.HELD || attempt.isUnwanted()) {
                return;
            }
        }
        demandMore();
    }

    /** Asks Jetty for more, which must not be asked twice. */
    private void demandMore() {
        boolean isAvailable;
        synchronized (lock) {
            if (isDemanded) {
                return;
            }
            isDemanded = true;
            isDemanding = true;
            request.demand(onAvailable);
            isDemanding = false;
            isAvailable = isAvailableAtOnce;
            isAvailableAtOnce = false;
        }
        if (isAvailable) {
            callWaiting();
        }
    }

    private void onAvailable() {
        synchronized (lock) {
            isDemanded = false;
            if (isDemanding) {
                // Called from within the demand, by the thread that holds the lock.
                isAvailableAtOnce = true;
                return;
            }
        }
        callWaiting();
    }

    private void callWaiting() {
        Runnable callback = waiting.getAndSet(null);
        if (callback != null) {
            callback.run();
        }
    }

    /** The body as one request to the upstream sees it. */
    private final class Attempt implements Request.Content {
        private final BooleanSupplier isUnwanted;

        Attempt(BooleanSupplier isUnwanted) {
            this.isUnwanted = isUnwanted;
        }

        boolean isUnwanted() {
            return isUnwanted.getAsBoolean();
        }

        @Override
        public @Nullable String getContentType() {
            // Null keeps jetty-client from adding a Content-Type.
            return null;
        }

        @Override
        public long getLength() {
            return length();
        }

        @Override
        public Content.@Nullable Chunk read() {
            return RequestBody.this.read(this);
        }

        @Override
        public void demand(Runnable callback) {
            RequestBody.this.demand(this, callback);
        }

        @Override
        public void fail(Throwable failure) {
            // What the client still sends is not jetty-client's to fail: the response to it may yet be on its way.
        }
    }
}
