package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
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
 * One write of a response: head, size lines, data and CRLFs in one system call. Data is not copied; all the rest is carved
 * from one pooled buffer.
 */
final class GatherWrite implements Callback {

    private static final int SIZE_LINE_BYTES = 16;
    private static final byte[] CRLF = {'\r', '\n'};

    private final RetainableByteBuffer pooled;
    private final ByteBuffer scratch;
    private final ByteBuffer[] buffers;
    private final boolean isChunked;
    private final Callback callback;
    private int count;
    private int mark;

    private GatherWrite(ByteBufferPool pool, int scratchBytes, int chunks, boolean isChunked, Callback callback) {
        this.pooled = pool.acquire(scratchBytes, true);
        this.scratch = pooled.getByteBuffer();
        this.buffers = new ByteBuffer[2 * chunks + 2];
        this.isChunked = isChunked;
        this.callback = callback;
        BufferUtil.clearToFill(scratch);
    }

    /**
     * Writes what there is of a response.
     *
     * @param head the head, if it has not been written
     * @param data body data, not released here
     * @param isChunked whether data goes out in chunks
     * @param trailers fields behind the last chunk; none if this is not the end of a chunked body
     */
    static void write(
            EndPoint endPoint,
            ByteBufferPool pool,
            @Nullable HeadWriter head,
            List<Content.Chunk> data,
            boolean isChunked,
            @Nullable HttpFields trailers,
            Callback callback) {
        HeadWriter end = trailers == null ? null : lastChunk(trailers);
        int scratchBytes = lengthOf(head) + data.size() * SIZE_LINE_BYTES + lengthOf(end);
        if (scratchBytes == 0) {
            callback.succeeded();
            return;
        }
        GatherWrite write = new GatherWrite(pool, scratchBytes, data.size(), isChunked, callback);
        if (head != null) {
            head.writeTo(write.scratch);
        }
        data.forEach(write::add);
        if (end != null) {
            end.writeTo(write.scratch);
        }
        write.cut();
        endPoint.write(write, write.exactBuffers());
    }

    private static int lengthOf(@Nullable HeadWriter text) {
        return text == null ? 0 : text.length();
    }

    private static HeadWriter lastChunk(HttpFields trailers) {
        HeadWriter end = new HeadWriter().text("0\r\n");
        for (HttpField field : trailers) {
            end.field(field, null, 0);
        }
        return end.text("\r\n");
    }

    private void add(Content.Chunk chunk) {
        if (!chunk.hasRemaining()) {
            // In chunks, nothing would mean the end.
            return;
        }
        if (isChunked) {
            BufferUtil.putHexInt(scratch, chunk.remaining());
            scratch.put(CRLF);
        }
        cut();
        buffers[count++] = chunk.getByteBuffer();
        if (isChunked) {
            // Now and not with the next chunk: there are clients that wait for it.
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

    private ByteBuffer[] exactBuffers() {
        return count == buffers.length ? buffers : Arrays.copyOf(buffers, count);
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
