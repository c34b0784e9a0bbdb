package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body as Jetty's connection does: its generator frames one piece at a time, in a small buffer from the pool, and
 * each piece is a write.
 */
final class GeneratorWriter extends IteratingCallback {

    private final HttpGenerator generator = new HttpGenerator();
    private final EndPoint endPoint;
    private final ByteBufferPool pool;
    private ByteBuffer content = BufferUtil.EMPTY_BUFFER;
    private @Nullable RetainableByteBuffer sizeLine;

    GeneratorWriter(EndPoint endPoint, ByteBufferPool pool) {
        this.endPoint = endPoint;
        this.pool = pool;
    }

    /** Takes the head for written. */
    void begin(HttpFields fields) throws Exception {
        ByteBuffer head = BufferUtil.allocate(1024);
        MetaData.Response response = new MetaData.Response(200, "OK", HttpVersion.HTTP_1_1, fields);
        generator.generateResponse(response, false, head, null, null, false);
    }

    void write(ByteBuffer piece) {
        content = piece;
        reset();
        iterate();
    }

    @Override
    protected Action process() throws Exception {
        while (true) {
            ByteBuffer chunk = sizeLine == null ? null : sizeLine.getByteBuffer();
            switch (generator.generateResponse(null, false, null, chunk, content, false)) {
                case NEED_CHUNK -> sizeLine = pool.acquire(HttpGenerator.CHUNK_SIZE, true);
                case FLUSH -> {
                    flush(chunk);
                    return Action.SCHEDULED;
                }
                case DONE -> {
                    return Action.SUCCEEDED;
                }
                default -> throw new IllegalStateException("nothing else is asked for in the middle of a body");
            }
        }
    }

    private void flush(@Nullable ByteBuffer chunk) {
        if (chunk == null) {
            endPoint.write(this, content);
        } else {
            endPoint.write(this, chunk, content);
        }
    }

    @Override
    protected void onCompleteSuccess() {
        if (sizeLine != null) {
            sizeLine.release();
            sizeLine = null;
        }
    }
}
