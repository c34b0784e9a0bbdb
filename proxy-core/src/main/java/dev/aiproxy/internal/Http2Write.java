package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One write to an HTTP/2 stream: the head, if it has not been sent, and all that has arrived as one piece. A single chunk
 * is not copied; several are, since Jetty may send several pieces of one stream in another order once a window is used up,
 * and since one after another they would cost a system call each.
 */
final class Http2Write implements Callback {

    private final HttpStream stream;
    private final MetaData.Request request;
    private final @Nullable RetainableByteBuffer joined;
    private final Callback callback;
    private boolean areTrailersDue;

    private Http2Write(
            HttpStream stream,
            MetaData.Request request,
            @Nullable RetainableByteBuffer joined,
            boolean areTrailersDue,
            Callback callback) {
        this.stream = stream;
        this.request = request;
        this.joined = joined;
        this.areTrailersDue = areTrailersDue;
        this.callback = callback;
    }

    /**
     * Writes what there is of a response.
     *
     * @param head the head, if it has not been written
     * @param data body data, not released here
     * @param last whether the stream ends with this
     * @param hasTrailers whether fields are to follow then; the stream knows them
     */
    static void write(
            HttpStream stream,
            MetaData.Request request,
            ByteBufferPool pool,
            MetaData.@Nullable Response head,
            List<Content.Chunk> data,
            boolean last,
            boolean hasTrailers,
            Callback callback) {
        if (head == null && data.isEmpty() && !last) {
            callback.succeeded();
            return;
        }
        // Behind data that waits for a window, Jetty would send trailers first.
        boolean areTrailersDue = last && hasTrailers && !data.isEmpty();
        RetainableByteBuffer joined = data.size() > 1 ? join(data, pool) : null;
        ByteBuffer bytes = joined != null
                ? joined.getByteBuffer()
                : data.isEmpty() ? BufferUtil.EMPTY_BUFFER : data.get(0).getByteBuffer();
        Http2Write write = new Http2Write(stream, request, joined, areTrailersDue, callback);
        stream.send(request, head, last && !areTrailersDue, bytes, write);
    }

    private static RetainableByteBuffer join(List<Content.Chunk> data, ByteBufferPool pool) {
        int bytes = 0;
        for (Content.Chunk chunk : data) {
            bytes += chunk.remaining();
        }
        RetainableByteBuffer joined = pool.acquire(bytes, true);
        ByteBuffer target = joined.getByteBuffer();
        BufferUtil.clearToFill(target);
        for (Content.Chunk chunk : data) {
            target.put(chunk.getByteBuffer());
        }
        target.flip();
        return joined;
    }

    @Override
    public void succeeded() {
        if (areTrailersDue) {
            areTrailersDue = false;
            stream.send(request, null, true, BufferUtil.EMPTY_BUFFER, this);
            return;
        }
        release();
        callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
        release();
        callback.failed(cause);
    }

    private void release() {
        if (joined != null) {
            joined.release();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
