package dev.aiproxy.internal;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The response to an HTTP/1.1 or HTTP/1.0 client, written straight to its connection.
 *
 * <p>Jetty's own response sorts the framing fields to the end, has no say over the reason phrase, writes head and body
 * apart, and sends the CRLF behind a chunk only with the next one. Here a head goes out as it came, and head, size line,
 * data and CRLF leave in one gathering write. Jetty still parses the request, and is told of the end by the stream.
 *
 * <p>Writes come one after another. {@link #tear} may come from any thread at any time.
 */
final class Http1Response implements HttpStream {

    private static final int SIZE_LINE_BYTES = 16;
    private static final byte[] CRLF = {'\r', '\n'};

    private final HttpStream stream;
    private final Request request;
    private final ClientEndPoint endPoint;
    private final Object lock = new Object();
    private final InterimWrite interimWrite = new InterimWrite();
    private BodyFraming framing = BodyFraming.NONE;
    private boolean closesConnection;
    private boolean isCommitted;
    private boolean isTorn;
    private @Nullable ByteBuffer interim;
    private boolean isInterimUnderWay;
    private @Nullable Runnable afterInterim;
    private @Nullable Runnable onStreamEnd;

    Http1Response(HttpStream stream, Request request, ClientEndPoint endPoint) {
        this.stream = stream;
        this.request = request;
        this.endPoint = endPoint;
    }

    ClientEndPoint endPoint() {
        return endPoint;
    }

    /** The action to run when Jetty has done with this stream. */
    void onStreamEnd(Runnable action) {
        onStreamEnd = action;
    }

    /** Claims the right to write the head; whoever gets {@code true} must write one. */
    boolean commit() {
        synchronized (lock) {
            if (isCommitted || isTorn) {
                return false;
            }
            isCommitted = true;
            return true;
        }
    }

    /** Writes a 1xx head; it is dropped if a final head was claimed or the client speaks HTTP/1.0. */
    void writeInterim(ResponseHead head) {
        if (version() != HttpVersion.HTTP_1_1) {
            return;
        }
        byte[] bytes = headBytes(head).toBytes();
        synchronized (lock) {
            if (isCommitted || isTorn) {
                return;
            }
            if (isInterimUnderWay) {
                interim = ByteBuffer.wrap(concat(interim, bytes));
                return;
            }
            isInterimUnderWay = true;
        }
        endPoint.write(interimWrite, ByteBuffer.wrap(bytes));
    }

    /**
     * Writes what has arrived.
     *
     * @param head the head if it has not been written yet, for which {@link #commit()} was claimed
     * @param chunks body data, maybe none; not released here
     * @param last whether the response ends with this
     * @param trailers fields behind the last chunk, maybe none
     */
    void write(
            @Nullable ResponseHead head,
            List<Content.Chunk> chunks,
            boolean last,
            HttpFields trailers,
            Callback callback) {
        synchronized (lock) {
            if (isInterimUnderWay) {
                afterInterim = () -> write(head, chunks, last, trailers, callback);
                return;
            }
        }
        if (head != null) {
            decideFraming(head);
        }
        Assembly assembly = new Assembly(head == null ? null : headBytes(head), chunks, last, trailers);
        assembly.write(last && closesConnection ? shuttingDownOutput(callback) : callback);
    }

    /** Breaks the response off so that no client takes it for a whole one. */
    void tear(Throwable cause) {
        boolean needsReset;
        synchronized (lock) {
            isTorn = true;
            needsReset = isCommitted && framing == BodyFraming.CLOSE;
        }
        if (needsReset) {
            // A FIN would be the regular end of such a body. Elsewhere a reset could destroy data under way.
            resetOnClose();
        }
        endPoint.close(cause);
    }

    private void resetOnClose() {
        EndPoint bottom = endPoint.unwrap();
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        if (bottom.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException alreadyClosed) {
                // Then there is nothing to reset.
            }
        }
    }

    private HttpVersion version() {
        return request.getConnectionMetaData().getHttpVersion();
    }

    private void decideFraming(ResponseHead head) {
        framing = BodyFraming.of(head, request.getMethod(), version());
        Connector connector = request.getConnectionMetaData().getConnector();
        closesConnection = framing == BodyFraming.CLOSE
                || !request.getConnectionMetaData().isPersistent()
                || connector instanceof AbstractConnector own && own.isShutdown();
    }

    private HeadWriter headBytes(ResponseHead head) {
        HeadWriter bytes = new HeadWriter()
                .text("HTTP/1.1 ")
                .text(Integer.toString(head.status()))
                .text(" ")
                .text(head.reason())
                .text("\r\n");
        boolean needsChunkedField = !head.isInterim() && framing == BodyFraming.CHUNKED;
        Set<String> nominated = FieldRules.nominatedByConnection(head.fields());
        int number = -1;
        for (HttpField field : head.fields()) {
            number++;
            if (FieldRules.isHopByHop(field, nominated)) {
                continue;
            }
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                // Goes on only where there are chunks again, or where it tells what a GET would have brought.
                if (!mayCarryTransferEncoding(head)) {
                    continue;
                }
                needsChunkedField = false;
            }
            if (field.getHeader() == HttpHeader.CONTENT_LENGTH && framing == BodyFraming.CHUNKED) {
                continue;
            }
            bytes.field(field, head.raw(), number);
        }
        if (needsChunkedField) {
            bytes.field("Transfer-Encoding", "chunked");
        }
        if (!head.isInterim()) {
            connectionField(bytes);
        }
        return bytes.text("\r\n");
    }

    private boolean mayCarryTransferEncoding(ResponseHead head) {
        boolean tellsOfGet = framing == BodyFraming.NONE && head.status() != 204 && !head.isInterim();
        return version() == HttpVersion.HTTP_1_1 && (framing == BodyFraming.CHUNKED || tellsOfGet);
    }

    private void connectionField(HeadWriter bytes) {
        if (version() == HttpVersion.HTTP_1_1) {
            if (closesConnection) {
                bytes.field("Connection", "close");
            }
        } else if (!closesConnection) {
            bytes.field("Connection", "keep-alive");
        }
    }

    private Callback shuttingDownOutput(Callback callback) {
        return Callback.from(
                Invocable.InvocationType.NON_BLOCKING,
                () -> {
                    endPoint.shutdownOutput();
                    callback.succeeded();
                },
                callback::failed);
    }

    private static byte[] concat(@Nullable ByteBuffer first, byte[] second) {
        if (first == null) {
            return second;
        }
        byte[] both = new byte[first.remaining() + second.length];
        first.duplicate().get(both, 0, first.remaining());
        System.arraycopy(second, 0, both, first.remaining(), second.length);
        return both;
    }

    /** The buffers of one write; what is not body data is carved from one pooled buffer. */
    private final class Assembly implements Callback {
        private final RetainableByteBuffer pooled;
        private final ByteBuffer scratch;
        private final ByteBuffer[] buffers;
        private int count;
        private int mark;
        private Callback callback = Callback.NOOP;

        Assembly(@Nullable HeadWriter head, List<Content.Chunk> chunks, boolean last, HttpFields trailers) {
            HeadWriter end = last && framing == BodyFraming.CHUNKED ? lastChunk(trailers) : null;
            int size = (head == null ? 0 : head.length())
                    + chunks.size() * SIZE_LINE_BYTES
                    + (end == null ? 0 : end.length());
            ByteBufferPool pool = request.getComponents().getByteBufferPool();
            pooled = pool.acquire(Math.max(1, size), true);
            scratch = pooled.getByteBuffer();
            BufferUtil.clearToFill(scratch);
            buffers = new ByteBuffer[2 * chunks.size() + 2];
            if (head != null) {
                head.writeTo(scratch);
            }
            for (int i = 0; i < chunks.size(); i++) {
                chunk(chunks.get(i));
            }
            if (end != null) {
                end.writeTo(scratch);
            }
            cut();
        }

        private void chunk(Content.Chunk chunk) {
            if (!chunk.hasRemaining()) {
                return;
            }
            if (framing == BodyFraming.CHUNKED) {
                BufferUtil.putHexInt(scratch, chunk.remaining());
                scratch.put(CRLF);
            }
            cut();
            buffers[count++] = chunk.getByteBuffer();
            if (framing == BodyFraming.CHUNKED) {
                scratch.put(CRLF);
            }
        }

        /** Takes what was put into the scratch buffer since the last cut. */
        private void cut() {
            int position = scratch.position();
            if (position > mark) {
                buffers[count++] = scratch.slice(mark, position - mark);
                mark = position;
            }
        }

        private HeadWriter lastChunk(HttpFields trailers) {
            HeadWriter end = new HeadWriter().text("0\r\n");
            for (HttpField field : trailers) {
                end.field(field, null, 0);
            }
            return end.text("\r\n");
        }

        void write(Callback whenWritten) {
            callback = whenWritten;
            if (count == 0) {
                succeeded();
                return;
            }
            ByteBuffer[] exact = count == buffers.length ? buffers : Arrays.copyOf(buffers, count);
            endPoint.write(this, exact);
        }

        @Override
        public void succeeded() {
            pooled.release();
            callback.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            pooled.release();
            callback.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /** A 1xx head under way; what has come meanwhile follows it. */
    private final class InterimWrite implements Callback {
        @Override
        public void succeeded() {
            ByteBuffer more;
            Runnable waiting = null;
            synchronized (lock) {
                more = interim;
                interim = null;
                if (more == null) {
                    isInterimUnderWay = false;
                    waiting = afterInterim;
                    afterInterim = null;
                }
            }
            if (more != null) {
                endPoint.write(this, more);
            } else if (waiting != null) {
                waiting.run();
            }
        }

        @Override
        public void failed(Throwable cause) {
            Runnable waiting;
            synchronized (lock) {
                isInterimUnderWay = false;
                waiting = afterInterim;
                afterInterim = null;
            }
            // The next write will meet the same fate and tell of it.
            if (waiting != null) {
                waiting.run();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    // What Jetty asks of a stream, in the order it does.

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
    public void send(
            MetaData.Request metaData,
            MetaData.@Nullable Response response,
            boolean last,
            ByteBuffer content,
            Callback callback) {
        boolean torn;
        boolean ours;
        synchronized (lock) {
            torn = isTorn;
            ours = isCommitted;
        }
        if (torn) {
            callback.failed(new EOFException("response torn"));
        } else if (response != null && response.getStatus() == HttpStatus.CONTINUE_100) {
            // Jetty's own, when the body of a request that expects it is about to be read.
            writeInterim(new ResponseHead(HttpStatus.CONTINUE_100, "Continue", HttpFields.EMPTY, null));
            callback.succeeded();
        } else if (ours) {
            // The servlet completes a response that it takes for an empty one; the real one is out already.
            callback.succeeded();
        } else {
            stream.send(metaData, response, last, content, callback);
        }
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
        ended();
        stream.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
        ended();
        stream.failed(cause);
    }

    private void ended() {
        endPoint.unwatch();
        endPoint.exchangeEnds();
        Runnable action = onStreamEnd;
        onStreamEnd = null;
        if (action != null) {
            action.run();
        }
    }
}
