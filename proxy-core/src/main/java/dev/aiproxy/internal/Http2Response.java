package dev.aiproxy.internal;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The response to an HTTP/2 client, written to its stream: the head with the first data, then what comes as it comes, and a
 * RST_STREAM where the response breaks off.
 *
 * <p>Nobody needs to look for the client's leave: Jetty reads from the connection at all times.
 *
 * <p>Writes come one after another. Any thread may tear; the lock guards what that touches.
 */
final class Http2Response implements ClientResponse, HttpStream {

    private final HttpStream stream;
    private final HTTP2Stream http2Stream;
    private final Request request;
    private final MetaData.Request requestMetaData;
    private final Http2Silence silence;
    private final Runnable onStreamEnd;
    private final Http2InterimWriter interimWriter;
    private final AtomicBoolean isLeft = new AtomicBoolean();
    private final Object lock = new Object();
    private final boolean hasBody;
    private HttpFields trailers = HttpFields.EMPTY;
    private boolean isCommitted;
    private boolean isTorn;
    private @Nullable Http2TunnelEnd tunnelEnd;

    /**
     * Wraps Jetty's stream of a request that nobody has read from.
     *
     * @param idleLimit how long the client may hold up a write or owe the rest of a body; zero means for ever
     * @param onStreamEnd runs when Jetty has done with the request
     */
    Http2Response(
            HttpStream stream, HTTP2Stream http2Stream, Request request, Duration idleLimit, Runnable onStreamEnd) {
        this.stream = stream;
        this.http2Stream = http2Stream;
        this.request = request;
        this.silence = new Http2Silence(http2Stream, idleLimit);
        this.onStreamEnd = onStreamEnd;
        this.requestMetaData =
                new MetaData.Request(request.getMethod(), request.getHttpURI(), HttpVersion.HTTP_2, HttpFields.EMPTY);
        this.interimWriter =
                new Http2InterimWriter((head, callback) -> stream.send(requestMetaData, head, false, null, callback));
        // A request without a body has ended with its head. There is no field that would have to announce one.
        this.hasBody = request.getLength() != 0 && !Http2Streams.isBodiless(http2Stream);
    }

    @Override
    public boolean hasBody() {
        return hasBody;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = stream.read();
        if (chunk != null) {
            silence.onRead();
        }
        return chunk;
    }

    @Override
    public void demand() {
        silence.onDemand();
        stream.demand();
    }

    @Override
    public boolean fits(ResponseHead head) {
        return fits(head.fields());
    }

    /** Whether the client takes such a list of fields; a larger one would end the connection with all its streams. */
    private boolean fits(HttpFields fields) {
        HpackEncoder encoder = http2Stream.getSession().getGenerator().getHpackEncoder();
        return Http2Fields.listBytes(fields) <= encoder.getMaxHeaderListSize();
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
        return isCommitted() || !fits(head) || interimWriter.write(metaDataOf(head));
    }

    @Override
    public void write(
            @Nullable ResponseHead head,
            List<Content.Chunk> data,
            boolean last,
            HttpFields lastFields,
            Callback callback) {
        // RFC 9110 §6.5.1: nobody may rely on trailers.
        boolean hasTrailers = lastFields.size() > 0 && fits(lastFields);
        trailers = hasTrailers ? lastFields : HttpFields.EMPTY;
        interimWriter.afterwards(() -> Http2Write.write(
                stream,
                requestMetaData,
                request.getComponents().getByteBufferPool(),
                head == null ? null : metaDataOf(head),
                data,
                last,
                hasTrailers,
                silence.onWrite(callback)));
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
        return silence.overdue(now);
    }

    @Override
    public boolean awaitsTick() {
        return true;
    }

    @Override
    public void tear(Throwable cause) {
        ErrorCode reason;
        synchronized (lock) {
            isTorn = true;
            // RFC 9113 §8.5 has a code of its own for tunnels.
            reason = tunnelEnd == null ? ErrorCode.INTERNAL_ERROR : ErrorCode.HTTP_CONNECT_ERROR;
        }
        // It also fails a write that the client holds up.
        Http2Streams.reset(http2Stream, reason);
    }

    @Override
    public boolean watch(Runnable gone) {
        // Jetty tells, see Http2Streams.
        return true;
    }

    @Override
    public boolean watchForReset(ResetProbe resetProbe, Runnable gone) {
        // Jetty tells, see Http2Streams.
        return true;
    }

    @Override
    public TunnelEnd tunnelEnd() {
        EndPoint endPoint = stream.getTunnelSupport().getEndPoint();
        Http2TunnelEnd end = new Http2TunnelEnd(
                http2Stream, endPoint, request.getComponents().getExecutor());
        synchronized (lock) {
            tunnelEnd = end;
        }
        return end;
    }

    @Override
    public void writeTunnelHead(int status, HeadWriter http1Head, Callback callback) {
        MetaData.Response head = new MetaData.Response(status, null, HttpVersion.HTTP_2, HttpFields.EMPTY);
        stream.send(requestMetaData, head, false, null, callback);
    }

    @Override
    public ByteBuffer takeConnection() {
        return BufferUtil.EMPTY_BUFFER;
    }

    @Override
    public void endTunnel() {
        // Both directions have ended, and with them the stream.
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
            // Jetty completes a response that it takes for an empty one; the real one is out already.
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
        return stream.consumeAvailable();
    }

    @Override
    public void succeeded() {
        leave();
        if (http2Stream.isClosed()) {
            stream.succeeded();
        } else if (!isTunnel()) {
            // RFC 9113 §8.1: answered before the request was complete, which is no error.
            stream.failed(CONTENT_NOT_CONSUMED);
        }
    }

    @Override
    public void failed(Throwable cause) {
        leave();
        if (!http2Stream.isReset()) {
            stream.failed(cause);
        }
    }

    /** The end of a tunnel may still be on its way, and ends the stream when it is out. */
    private boolean isTunnel() {
        synchronized (lock) {
            return tunnelEnd != null;
        }
    }

    @Override
    public String getId() {
        return stream.getId();
    }

    @Override
    public @Nullable TunnelSupport getTunnelSupport() {
        return stream.getTunnelSupport();
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
}
