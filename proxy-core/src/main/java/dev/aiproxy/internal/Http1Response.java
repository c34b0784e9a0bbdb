package dev.aiproxy.internal;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The response to an HTTP/1.1 or HTTP/1.0 client, written straight to its connection.
 *
 * <p>Jetty's own response sorts the framing fields to the end, has no say over the reason phrase, writes head and body
 * apart, and sends the CRLF behind a chunk only with the next one. Here a head goes out as it came, and all that has
 * arrived leaves in one write. Jetty still parses the request, and learns of the end through this stream.
 *
 * <p>Writes come one after another. {@link #tear} may come from any thread at any time; the lock guards what it touches.
 */
final class Http1Response implements ClientResponse, HttpStream {

    private final HttpStream stream;
    private final Request request;
    private final ClientEndPoint endPoint;
    private final Duration clientIdle;
    private final InterimWriter interimWriter;
    private final GatherWriter writer;
    private final Runnable onStreamEnd;
    private final Object lock = new Object();
    private BodyFraming framing = BodyFraming.NONE;
    private boolean closesConnection;
    private boolean isCommitted;
    private boolean isTorn;

    /**
     * Wraps Jetty's stream.
     *
     * @param clientIdle how long a client may hold up a write; zero means for ever
     * @param onStreamEnd runs when Jetty has done with the request
     */
    Http1Response(
            HttpStream stream, Request request, ClientEndPoint endPoint, Duration clientIdle, Runnable onStreamEnd) {
        this.stream = stream;
        this.request = request;
        this.endPoint = endPoint;
        this.clientIdle = clientIdle;
        this.interimWriter = new InterimWriter(endPoint);
        this.writer = new GatherWriter(endPoint, request.getComponents().getByteBufferPool());
        this.onStreamEnd = onStreamEnd;
    }

    @Override
    public boolean hasBody() {
        return request.getLength() > 0
                || request.getLength() < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    @Override
    public boolean fits(ResponseHead head) {
        return true;
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
        boolean isWanted = version() == HttpVersion.HTTP_1_1 && !isCommitted();
        return !isWanted || interimWriter.write(Http1Head.ofInterim(head));
    }

    @Override
    public void write(
            @Nullable ResponseHead head,
            List<Content.Chunk> data,
            boolean last,
            HttpFields trailers,
            Callback callback) {
        interimWriter.afterwards(() -> writeNow(head, data, last, trailers, callback));
    }

    private void writeNow(
            @Nullable ResponseHead head,
            List<Content.Chunk> data,
            boolean last,
            HttpFields trailers,
            Callback callback) {
        if (head != null) {
            decideFraming(head);
        }
        boolean isChunked = framing == BodyFraming.CHUNKED;
        writer.write(
                head == null ? null : new Http1Head(version(), framing, closesConnection).of(head),
                data,
                isChunked,
                last && isChunked ? trailers : null,
                callback);
    }

    private void decideFraming(ResponseHead head) {
        BodyFraming decided = BodyFraming.of(head, request.getMethod(), version());
        synchronized (lock) {
            framing = decided;
        }
        ConnectionMetaData connection = request.getConnectionMetaData();
        closesConnection = decided == BodyFraming.CLOSE
                // What follows a CONNECT may be meant for a tunnel that there is not; it must not be read as requests.
                || request.getMethod().equals("CONNECT")
                || !connection.isPersistent()
                || expectsInVain()
                || connection.getConnector() instanceof AbstractConnector connector && connector.isShutdown();
    }

    /** Jetty closes the connection if a client has asked for a 100 and there was nothing to give it for. */
    private boolean expectsInVain() {
        return !hasBody()
                && version() == HttpVersion.HTTP_1_1
                && request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    }

    @Override
    public void end() {
        if (closesConnection) {
            endPoint.shutdownOutput();
        }
    }

    @Override
    public void failWrite(Throwable cause) {
        Callback pending = isHeldUp() ? endPoint.cancelWrite(cause) : null;
        if (pending != null) {
            pending.failed(cause);
        }
    }

    /** A write that has only just begun may not have been counted as a sign of life yet. */
    private boolean isHeldUp() {
        long since = writer.writingSince();
        return since != 0
                && !clientIdle.isZero()
                && System.nanoTime() - since >= clientIdle.dividedBy(2).toNanos();
    }

    @Override
    public @Nullable Failure overdue(long now) {
        return null;
    }

    @Override
    public boolean awaitsTick() {
        return false;
    }

    private HttpVersion version() {
        return request.getConnectionMetaData().getHttpVersion();
    }

    @Override
    public void tear(Throwable cause) {
        boolean needsReset;
        synchronized (lock) {
            isTorn = true;
            needsReset = isCommitted && framing == BodyFraming.CLOSE;
        }
        if (needsReset) {
            // A FIN would be the regular end of such a body. Elsewhere a reset could destroy data under way.
            resetOnClose();
            // Closed from below, for TLS would say a regular end first.
            endPoint.bottom().close(cause);
        }
        endPoint.close(cause);
    }

    private void resetOnClose() {
        try {
            socket().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nothing to reset.
        }
    }

    @Override
    public boolean watch(Runnable gone) {
        return endPoint.watch(gone);
    }

    @Override
    public boolean watchForReset(ResetProbe resetProbe, Runnable gone) {
        return resetProbe.watch(socket(), gone);
    }

    private SocketChannel socket() {
        return (SocketChannel) endPoint.bottom().getTransport();
    }

    @Override
    public TunnelEnd tunnelEnd() {
        return new SocketTunnelEnd(endPoint.unwrap());
    }

    @Override
    public void writeTunnelHead(int status, HeadWriter http1Head, Callback callback) {
        synchronized (lock) {
            // From here on, it is torn by a reset.
            framing = BodyFraming.CLOSE;
        }
        interimWriter.afterwards(() -> endPoint.write(callback, ByteBuffer.wrap(http1Head.toBytes())));
    }

    @Override
    public ByteBuffer takeConnection() {
        ByteBuffer caught = endPoint.tunnelBegins();
        Connection connection = request.getConnectionMetaData().getConnection();
        ByteBuffer read = connection instanceof Connection.UpgradeFrom from ? from.onUpgradeFrom() : null;
        if (read == null) {
            return caught;
        }
        return ByteBuffer.allocate(read.remaining() + caught.remaining())
                .put(read)
                .put(caught)
                .flip();
    }

    @Override
    public void endTunnel() {
        endPoint.close(null);
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
            writeInterim(new ResponseHead(HttpStatus.CONTINUE_100, "Continue", HttpFields.EMPTY, null, true));
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
    public void succeeded() {
        leave();
        stream.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
        leave();
        stream.failed(cause);
    }

    private void leave() {
        endPoint.exchangeEnds();
        onStreamEnd.run();
    }

    @Override
    public String getId() {
        return stream.getId();
    }

    @Override
    public Content.@Nullable Chunk read() {
        return stream.read();
    }

    @Override
    public void demand() {
        stream.demand();
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

    @Override
    public @Nullable Throwable consumeAvailable() {
        return stream.consumeAvailable();
    }
}
