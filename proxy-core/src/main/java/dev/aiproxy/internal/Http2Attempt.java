package dev.aiproxy.internal;

import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.RetryableStreamException;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to send a request in HTTP/2: it waits for a connection, and has a stream on it.
 *
 * <p>Jetty tells of a stream on the thread that reads the connection; the response may be read on the client's.
 */
final class Http2Attempt implements Stream.Listener {

    private final Http2Call call;
    private final Http2Pool pool;
    private final AtomicBoolean hasRoom = new AtomicBoolean();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile @Nullable Http2Session session;
    private volatile @Nullable HTTP2Stream stream;
    private volatile boolean isGivenUp;
    private volatile boolean isReused;
    private volatile boolean isClosed;
    /** Of the ticker alone. */
    private long oddSince;

    /** Of the response, whose head has come if there is one. */
    private volatile @Nullable Http2ResponseBody body;

    private volatile @Nullable HttpFields trailers;

    Http2Attempt(Http2Call call, Http2Pool pool) {
        this.call = call;
        this.pool = pool;
    }

    // The way to a stream.

    long attemptedAt() {
        return call.attemptedAt();
    }

    /** There is room on a connection. */
    void onSession(Http2Session found) {
        session = found;
        hasRoom.set(true);
        isReused = pool.isUsed(found);
        if (isGivenUp) {
            giveRoomBack();
        } else if (!found.takesHead(Http2RequestHead.listBytes(call.head()))) {
            giveRoomBack();
            call.onHeadTooLarge();
        } else {
            found.open(call.head(), !call.hasBody(), this);
        }
    }

    /** No connection could be made. */
    void onNoSession(Throwable cause) {
        end(cause, false);
    }

    /** The upstream speaks HTTP/1.1. */
    void onHttp1() {
        if (!isGivenUp && isOver.compareAndSet(false, true)) {
            call.goInHttp1();
        }
    }

    @Override
    public void onNewStream(Stream created) {
        stream = (HTTP2Stream) created;
        created.setIdleTimeout(call.idleLimit().toMillis());
        if (isGivenUp) {
            reset();
        }
    }

    void onHeadWritten() {
        call.onHeadWritten(this, Objects.requireNonNull(stream));
    }

    void onHeadFailed(Throwable cause) {
        giveRoomBack();
        if (isCreated()) {
            end(explain(cause), false);
        } else {
            pool.retire(Objects.requireNonNull(session));
            end(new IOException("no stream to be had", cause), true);
        }
    }

    /** Whether there is a stream, and so maybe something that the upstream has seen. */
    boolean isCreated() {
        return stream != null;
    }

    boolean hasSession() {
        return session != null;
    }

    /** Whether the connection has carried other exchanges to their ends. */
    boolean isReused() {
        return isReused;
    }

    /** Lets go of the stream, or of the wait for one. */
    void giveUp() {
        isGivenUp = true;
        pool.leave(this);
        reset();
    }

    private void reset() {
        HTTP2Stream created = stream;
        if (created != null) {
            created.reset(new ResetFrame(created.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
    }

    /** Whether the upstream has more to say, or does not know yet that nobody listens. */
    boolean isOpen() {
        HTTP2Stream created = stream;
        return created != null && !created.isRemotelyClosed();
    }

    // What comes on the stream.

    @Override
    public void onHeaders(Stream answered, HeadersFrame frame, Callback callback) {
        MetaData metaData = frame.getMetaData();
        if (metaData instanceof MetaData.Response response) {
            onHead(response.getStatus(), response.getHttpFields(), frame.isEndStream());
        } else if (body != null && !Http2ResponseSyntax.areMalformed(metaData.getHttpFields())) {
            trailers = metaData.getHttpFields();
        } else {
            call.onMalformed();
        }
        callback.succeeded();
    }

    private void onHead(int status, HttpFields fields, boolean isEnd) {
        boolean isInterim = status < 200;
        if (body != null || isInterim && isEnd || Http2ResponseSyntax.isMalformed(status, fields)) {
            call.onMalformed();
        } else if (isInterim) {
            call.onInterim(status, fields);
        } else {
            ResponseHead head = new ResponseHead(status, "", fields, null, false);
            Http2ResponseBody begun = new Http2ResponseBody(
                    Objects.requireNonNull(stream), call.isBodiless(head), Http2ResponseSyntax.lengthOf(fields));
            body = begun;
            call.onResponse(head, begun, this::trailers);
        }
    }

    private @Nullable HttpFields trailers() {
        return trailers;
    }

    @Override
    public void onDataAvailable(Stream answered, boolean immediate) {
        Http2ResponseBody begun = body;
        if (begun != null) {
            begun.onAvailable();
        }
    }

    @Override
    public void onReset(Stream torn, ResetFrame frame, Callback callback) {
        Http2ResponseBody begun = body;
        if (begun != null && ((HTTP2Stream) torn).isLastDataReceived()) {
            begun.onWhole();
        } else {
            boolean isRefused = frame.getError() == ErrorCode.REFUSED_STREAM_ERROR.code;
            if (isRefused) {
                pool.shrink(Objects.requireNonNull(session));
            }
            end(new IOException("stream reset: " + ErrorCode.toString(frame.getError(), "unknown code")), isRefused);
        }
        callback.succeeded();
    }

    @Override
    public void onFailure(Stream failed, int error, @Nullable String reason, Throwable cause, Callback callback) {
        // RFC 9113 §6.8: the upstream ends the connection, and has not looked at this stream.
        if (cause instanceof RetryableStreamException) {
            end(new IOException("connection ended by the upstream", cause), true);
        } else {
            end(
                    explain(
                            isComplaint(error)
                                    ? new HttpException.RuntimeException(502, "not as HTTP/2 has it", cause)
                                    : cause),
                    false);
        }
        callback.succeeded();
    }

    /** Whether it is this side that does not understand the other. */
    private static boolean isComplaint(int error) {
        return error != ErrorCode.NO_ERROR.code && error != ErrorCode.CANCEL_STREAM_ERROR.code;
    }

    @Override
    public void onIdleTimeout(Stream idle, TimeoutException timeout, Promise<Boolean> promise) {
        end(timeout, false);
        promise.succeeded(true);
    }

    @Override
    public void onClosed(Stream closed) {
        isClosed = true;
        giveRoomBack();
    }

    private void giveRoomBack() {
        Http2Session left = session;
        if (left != null && hasRoom.compareAndSet(true, false)) {
            pool.giveBack(left);
        }
    }

    private Throwable explain(Throwable cause) {
        Http2Session used = session;
        return used == null ? cause : used.explain(cause);
    }

    /**
     * Jetty closes a stream without a word when its data are not as long as the head says, and says nothing of an end that
     * comes instead of a head. What it has words for, it says just behind that, so this looks twice.
     */
    void onTick(long now) {
        HTTP2Stream known = stream;
        Http2ResponseBody begun = body;
        if (known == null || begun != null && begun.isBodiless()) {
            return;
        }
        boolean isEnded = known.isLastDataReceived();
        boolean isOdd = isEnded ? begun == null : isClosed;
        if (!isOdd) {
            oddSince = 0;
        } else if (oddSince == 0) {
            oddSince = now;
        } else if (isEnded) {
            call.onMalformed();
        } else {
            end(new EOFException("data not as long as announced"), false);
        }
    }

    private void end(Throwable cause, boolean isUnprocessed) {
        if (isGivenUp || !isOver.compareAndSet(false, true)) {
            return;
        }
        Http2ResponseBody begun = body;
        if (begun == null) {
            call.onFailed(this, cause, isUnprocessed);
        } else {
            begun.onBroken(cause);
        }
    }
}
