package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response, each time all there is of it: head, size lines, data and CRLFs in one system call. Data is not copied.
 *
 * <p>Writes come one after another, so one of these serves a whole response, and what stands between two pieces of data
 * is made once: a piece like the one before costs no garbage here. Any thread may ask since when a write has been under way.
 */
final class GatherWriter implements Callback {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The CRLF behind a chunk, and the size line of the next one: eight digits at most. */
    private static final int MOST_BETWEEN = 12;

    private final EndPoint endPoint;
    private final ByteBufferPool pool;
    private final List<ByteBuffer> between = new ArrayList<>(0);
    private ByteBuffer[] buffers = {};
    private int count;
    private @Nullable RetainableByteBuffer headBuffer;
    private @Nullable Callback callback;
    private volatile long writingSince;

    GatherWriter(EndPoint endPoint, ByteBufferPool pool) {
        this.endPoint = endPoint;
        this.pool = pool;
    }

    /** When the write under way began, in terms of the nano clock; 0 if nothing is being written. */
    long writingSince() {
        return writingSince;
    }

    /**
     * Writes what there is of a response; the write before must have ended.
     *
     * @param head the head, if it has not been written
     * @param data body data, not released here
     * @param isChunked whether data goes out in chunks
     * @param trailers fields behind the last chunk; none if this is not the end of a chunked body
     */
    void write(
            @Nullable HeadWriter head,
            List<Content.Chunk> data,
            boolean isChunked,
            @Nullable HttpFields trailers,
            Callback whenWritten) {
        int pieces = piecesIn(data);
        int framed = isChunked && pieces > 0 ? 2 * pieces + 1 : pieces;
        begin((head == null ? 0 : 1) + framed + (trailers == null ? 0 : 1));
        if (buffers.length == 0) {
            whenWritten.succeeded();
            return;
        }
        if (head != null) {
            add(pooled(head));
        }
        if (isChunked) {
            addChunks(data, pieces);
        } else {
            addPlain(data);
        }
        if (trailers != null) {
            add(lastChunk(trailers));
        }
        callback = whenWritten;
        writingSince = System.nanoTime() | 1;
        endPoint.write(this, buffers);
    }

    /** In chunks, a piece of nothing would mean the end. */
    private static int piecesIn(List<Content.Chunk> data) {
        int pieces = 0;
        for (Content.Chunk chunk : data) {
            pieces += chunk.hasRemaining() ? 1 : 0;
        }
        return pieces;
    }

    private void begin(int length) {
        if (buffers.length != length) {
            buffers = new ByteBuffer[length];
        }
        count = 0;
    }

    private void add(ByteBuffer buffer) {
        buffers[count++] = buffer;
    }

    private ByteBuffer pooled(HeadWriter head) {
        RetainableByteBuffer acquired = pool.acquire(head.length(), true);
        headBuffer = acquired;
        ByteBuffer bytes = acquired.getByteBuffer();
        BufferUtil.clearToFill(bytes);
        head.writeTo(bytes);
        return bytes.flip();
    }

    private void addPlain(List<Content.Chunk> data) {
        for (Content.Chunk chunk : data) {
            if (chunk.hasRemaining()) {
                add(chunk.getByteBuffer());
            }
        }
    }

    private void addChunks(List<Content.Chunk> data, int pieces) {
        int before = 0;
        for (Content.Chunk chunk : data) {
            if (chunk.hasRemaining()) {
                ByteBuffer sizeLine = between(before++);
                BufferUtil.putHexInt(sizeLine, chunk.remaining());
                add(sizeLine.put(CRLF).flip());
                add(chunk.getByteBuffer());
            }
        }
        if (pieces > 0) {
            // Now and not with the next chunk: there are clients that wait for it.
            add(between(pieces).flip());
        }
    }

    /** What stands before the piece of this number, empty but for the CRLF that ends the one before. */
    private ByteBuffer between(int number) {
        if (number == between.size()) {
            between.add(ByteBuffer.allocate(MOST_BETWEEN));
        }
        ByteBuffer bytes = between.get(number).clear();
        return number == 0 ? bytes : bytes.put(CRLF);
    }

    private static ByteBuffer lastChunk(HttpFields trailers) {
        if (trailers.size() == 0) {
            return ByteBuffer.wrap(END);
        }
        HeadWriter end = new HeadWriter().text("0\r\n");
        for (HttpField field : trailers) {
            end.field(field, null, 0);
        }
        return ByteBuffer.wrap(end.text("\r\n").toBytes());
    }

    @Override
    public void succeeded() {
        // The next write must not keep what belongs to others alive until then.
        Arrays.fill(buffers, null);
        ended().succeeded();
    }

    @Override
    public void failed(Throwable cause) {
        ended().failed(cause);
    }

    /** Its callback may begin the next write. */
    private Callback ended() {
        writingSince = 0;
        if (headBuffer != null) {
            headBuffer.release();
            headBuffer = null;
        }
        Callback whose = Objects.requireNonNull(callback);
        callback = null;
        return whose;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
