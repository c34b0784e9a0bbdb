package dev.aiproxy.internal;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The response to an HTTP/2 client, written to its stream: the head with the first data, then each chunk as it comes, and a
 * RST_STREAM where the response breaks off.
 *
 * <p>Nobody needs to look for the client's leave: Jetty reads from the connection at all times. But it has the client's
 * silence ended by a reset when that happens twice, however an exchange judges it (Jetty 12.1.14,
 * {@code HttpStreamOverHTTP2.onTimeout}); so its timer is off, and {@link #overdue} tells.
 *
 * <p>Writes come one after another. Any thread may tear; the lock guards what that touches.
 */
final class Http2Response implements ClientResponse, HttpStream {

    private final HttpStream stream;
    private final Request request;
    private final MetaData.Request requestMetaData;
    private final Duration idleLimit;
    private final Runnable onStreamEnd;
    private final Http2InterimWriter interimWriter;
    private final AtomicBoolean isLeft = new AtomicBoolean();
    private final Object lock = new Object();
    /** What had arrived of the body when the request was looked at. */
    private final AtomicReference<Content.@Nullable Chunk> readAhead = new AtomicReference<>();

    private HttpFields trailers = HttpFields.EMPTY;
    private boolean isLookedAt;
    private boolean hasBody;
    private boolean isCommitted;
    private boolean isTorn;
    private volatile boolean isRequestEnded;
    private volatile long writingSince;
    private volatile long demandingSince;

    /**
     * Wraps Jetty's stream.
     *
     * @param idleLimit how long the client may hold up a write or owe the rest of a body; zero means for ever
     * @param onStreamEnd runs when Jetty has done with the request
     */
    Http2Response(HttpStream stream, Request request, Duration idleLimit, Runnable onStreamEnd) {
        this.stream = stream;
        this.request = request;
        this.idleLimit = idleLimit;
        this.onStreamEnd = onStreamEnd;
        this.requestMetaData =
                new MetaData.Request(request.getMethod(), request.getHttpURI(), HttpVersion.HTTP_2, HttpFields.EMPTY);
        this.interimWriter =
                new Http2InterimWriter((head, callback) -> stream.send(requestMetaData, head, false, null, callback));
    }

    /** Whether the request ended with its head is known only by reading on: HTTP/2 needs no field for it. */
    @Override
    public boolean hasBody() {
        if (request.getLength() >= 0) {
            return request.getLength() > 0;
        }
        if (!isLookedAt) {
            isLookedAt = true;
            lookAtBody();
        }
        return hasBody;
    }

    private void lookAtBody() {
        Content.Chunk chunk = stream.read();
        boolean isEnd = chunk != null && chunk.isLast() && !chunk.hasRemaining() && !Content.Chunk.isFailure(chunk);
        hasBody = !isEnd || chunk instanceof Trailers;
        isRequestEnded = !hasBody;
        readAhead.set(hasBody ? chunk : null);
    }

    @Override
    public boolean hasBegunBody() {
        return readAhead.get() != null;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk ahead = readAhead.getAndSet(null);
        Content.Chunk chunk = ahead == null ? stream.read() : ahead;
        if (chunk != null) {
            demandingSince = 0;
            isRequestEnded |= chunk.isLast();
        }
        return chunk;
    }

    @Override
    public void demand() {
        demandingSince = System.nanoTime();
        stream.demand();
    }

    @Override
    public boolean commit() {
        synchronized (lock) {
            if (isCommitted || isTorn) {
                return false;
            }
            isCommitted = true;
            return true;
        }
    }

    @Override
    public boolean writeInterim(ResponseHead head) {
        return isCommitted() || interimWriter.write(metaDataOf(head));
    }

    @Override
    public void write(
            @Nullable ResponseHead head,
            List<Content.Chunk> data,
            boolean last,
            HttpFields lastFields,
            Callback callback) {
        trailers = lastFields;
        interimWriter.afterwards(() -> {
            writingSince = System.nanoTime();
            MetaData.Response first = head == null ? null : metaDataOf(head);
            new Http2Write(stream, requestMetaData, first, data, last, new Written(callback)).iterate();
        });
    }

    private MetaData.Response metaDataOf(ResponseHead head) {
        HttpFields fields = Http2Fields.ofResponse(head, request.getMethod());
        return new MetaData.Response(head.status(), null, HttpVersion.HTTP_2, fields, -1, this::trailers);
    }

    private HttpFields trailers() {
        return trailers;
    }

    @Override
    public void end() {
        // The last write has ended the stream; the connection goes on.
    }

    @Override
    public void failWrite(Throwable cause) {
        // Jetty's timer is off.
    }

    @Override
    public @Nullable Failure overdue(long now) {
        if (idleLimit.isZero()) {
            return null;
        }
        long writing = writingSince;
        if (writing != 0 && now - writing > idleLimit.toNanos()) {
            return Failure.CLIENT_IDLE_TIMEOUT;
        }
        long demanding = demandingSince;
        return demanding != 0 && now - demanding > idleLimit.toNanos() ? Failure.CLIENT_BODY_TIMEOUT : null;
    }

    @Override
    public void tear(Throwable cause) {
        synchronized (lock) {
            isTorn = true;
        }
        // A RST_STREAM; it also fails a write that the client holds up.
        stream.cancelSend(cause, Callback.NOOP).run();
    }

    @Override
    public void watch(boolean mayRead, ResetProbe resetProbe, Runnable gone) {
        // Jetty tells, see above.
    }

    // What Jetty asks of a stream.

    @Override
    public void send(
            MetaData.Request metaData,
            MetaData.@Nullable Response response,
            boolean last,
            ByteBuffer content,
            Callback callback) {
        boolean torn;
        boolean committed;
        synchronized (lock) {
            torn = isTorn;
            committed = isCommitted;
        }
        if (torn) {
            callback.failed(new EOFException("response torn"));
        } else if (response != null && response.getStatus() == HttpStatus.CONTINUE_100) {
            // Jetty's own, when the body of a request that expects it is about to be read.
            writeInterim(new ResponseHead(HttpStatus.CONTINUE_100, "", HttpFields.EMPTY, null, true));
            callback.succeeded();
        } else if (committed) {
            // The servlet completes a response that it takes for an empty one; the real one is out already.
            callback.succeeded();
        } else {
            stream.send(metaData, response, last, content, callback);
        }
    }

    @Override
    public boolean isCommitted() {
        synchronized (lock) {
            return isCommitted || isTorn || stream.isCommitted();
        }
    }

    @Override
    public @Nullable Throwable consumeAvailable() {
        dropReadAhead();
        return stream.consumeAvailable();
    }

    @Override
    public void succeeded() {
        leave();
        if (isRequestEnded) {
            stream.succeeded();
        } else {
            // RFC 9113 §8.1: answered before the request was complete, which is no error.
            stream.failed(CONTENT_NOT_CONSUMED);
        }
    }

    @Override
    public void failed(Throwable cause) {
        leave();
        stream.failed(cause);
    }

    @Override
    public String getId() {
        return stream.getId();
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {
        stream.prepareResponse(headers);
    }

    @Override
    public Runnable cancelSend(Throwable cause, Callback appCallback) {
        return stream.cancelSend(cause, appCallback);
    }

    @Override
    public long getIdleTimeout() {
        return stream.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeoutMillis) {
        stream.setIdleTimeout(idleTimeoutMillis);
    }

    private void leave() {
        if (isLeft.compareAndSet(false, true)) {
            onStreamEnd.run();
        }
    }

    private void dropReadAhead() {
        Content.Chunk chunk = readAhead.getAndSet(null);
        if (chunk != null) {
            chunk.release();
        }
    }

    /** The end of a write. */
    private final class Written extends Callback.Nested {
        Written(Callback callback) {
            super(callback);
        }

        @Override
        public void succeeded() {
            writingSince = 0;
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            writingSince = 0;
            super.failed(cause);
        }
    }
}
