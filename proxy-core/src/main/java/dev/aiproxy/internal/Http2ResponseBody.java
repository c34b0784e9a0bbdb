package dev.aiproxy.internal;

import java.io.EOFException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response on a stream, as it is read. One reader; what becomes of the stream may be told by any thread.
 */
final class Http2ResponseBody implements Content.Source {

    private final HTTP2Stream stream;
    private final boolean isBodiless;
    private final long expectedBytes;
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private volatile @Nullable Throwable failure;
    private volatile boolean isWhole;
    private long readBytes;
    private boolean isEndRead;
    private Stream.@Nullable Data undecided;

    /**
     * Begins with nothing read.
     *
     * @param isBodiless whether it ends with its head, whatever comes on the stream
     * @param expectedBytes as announced, or negative if nothing was
     */
    Http2ResponseBody(HTTP2Stream stream, boolean isBodiless, long expectedBytes) {
        this.stream = stream;
        this.isBodiless = isBodiless;
        this.expectedBytes = expectedBytes;
    }

    boolean isBodiless() {
        return isBodiless;
    }

    /** Something can be read. */
    void onAvailable() {
        Runnable callback = waiting.getAndSet(null);
        if (callback != null) {
            callback.run();
        }
    }

    /** The stream was reset when all had come, which is no failure (RFC 9113 §8.1). */
    void onWhole() {
        isWhole = true;
        onAvailable();
    }

    /** Nothing more comes; what has been read before is still good. */
    void onBroken(Throwable cause) {
        failure = cause;
        onAvailable();
    }

    @Override
    public Content.@Nullable Chunk read() {
        Throwable cause = failure;
        if (isBodiless || isEndRead && cause == null) {
            return Content.Chunk.EOF;
        }
        if (cause != null) {
            dropUndecided();
            return Content.Chunk.from(cause, true);
        }
        Stream.Data data = undecided == null ? stream.readData() : undecided;
        undecided = null;
        if (data == null) {
            return null;
        }
        boolean isEnd = data.frame().isEndStream();
        if (isEnd && !isWhole && stream.isResetOrFailed()) {
            // Jetty throws away what is unread when a stream fails, and puts an end in its place. It says next which it
            // is.
            undecided = data;
            return null;
        }
        return chunkOf(data, isEnd);
    }

    private Content.Chunk chunkOf(Stream.Data data, boolean isEnd) {
        isEndRead = isEnd;
        int bytes = data.frame().remaining();
        readBytes += bytes;
        if (isEnd && expectedBytes >= 0 && readBytes != expectedBytes) {
            data.release();
            Throwable cause = new EOFException("response ended before its length");
            failure = cause;
            return Content.Chunk.from(cause, true);
        }
        if (bytes == 0) {
            data.release();
            return isEnd ? Content.Chunk.EOF : Content.Chunk.EMPTY;
        }
        return Content.Chunk.asChunk(data.frame().getByteBuffer(), isEnd, data);
    }

    private void dropUndecided() {
        Stream.Data data = undecided;
        undecided = null;
        if (data != null) {
            data.release();
        }
    }

    @Override
    public void demand(Runnable callback) {
        waiting.set(callback);
        if (failure != null || isWhole) {
            onAvailable();
        } else if (undecided == null) {
            stream.demand();
        }
    }

    @Override
    public void fail(Throwable cause) {
        // The exchange resets the stream.
    }
}
