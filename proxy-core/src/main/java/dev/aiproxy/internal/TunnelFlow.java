package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link Tunnel}: reads a piece, writes it, and only then reads more, so that an end that does not read
 * stops the other. It holds a buffer only while there is something in it.
 */
final class TunnelFlow extends IteratingCallback {

    private static final int BUFFER_BYTES = 16 * 1024;

    /** After so many pieces the selector's other connections have their turn. */
    private static final int MAX_PIECES = 16;

    private final TunnelEnd source;
    private final TunnelEnd sink;
    private final ByteBufferPool pool;
    private final LongConsumer onBytes;
    private final Tunnel tunnel;
    private @Nullable ByteBuffer early;
    private @Nullable RetainableByteBuffer buffer;
    private int pieces;
    private volatile boolean isWriting;

    TunnelFlow(TunnelEnd source, TunnelEnd sink, ByteBufferPool pool, LongConsumer onBytes, Tunnel tunnel) {
        this.source = source;
        this.sink = sink;
        this.pool = pool;
        this.onBytes = onBytes;
        this.tunnel = tunnel;
    }

    /** Starts with what had been read before there was a tunnel. */
    void start(ByteBuffer readBefore) {
        early = readBefore;
        iterate();
    }

    TunnelEnd source() {
        return source;
    }

    TunnelEnd sink() {
        return sink;
    }

    /** Whether it waits for its sink to take what there is. */
    boolean isWriting() {
        return isWriting;
    }

    @Override
    protected Action process() throws IOException {
        isWriting = false;
        ByteBuffer first = early;
        early = null;
        if (first != null && first.hasRemaining()) {
            return write(first);
        }
        if (++pieces > MAX_PIECES) {
            return await();
        }
        ByteBuffer bytes = emptyBuffer();
        int filled = source.endPoint().fill(bytes);
        if (filled > 0) {
            return write(bytes);
        }
        if (filled == 0) {
            return await();
        }
        if (source.isEndAReset()) {
            throw new IOException("connection reset by peer");
        }
        sink.endPoint().shutdownOutput();
        return Action.SUCCEEDED;
    }

    private ByteBuffer emptyBuffer() {
        RetainableByteBuffer acquired = buffer;
        if (acquired == null) {
            acquired = pool.acquire(BUFFER_BYTES, true);
            buffer = acquired;
        }
        BufferUtil.clear(acquired.getByteBuffer());
        return acquired.getByteBuffer();
    }

    private Action write(ByteBuffer bytes) {
        isWriting = true;
        onBytes.accept(bytes.remaining());
        sink.endPoint().write(this, bytes);
        return Action.SCHEDULED;
    }

    private Action await() {
        pieces = 0;
        release();
        source.endPoint().fillInterested(this);
        return Action.SCHEDULED;
    }

    private void release() {
        RetainableByteBuffer used = buffer;
        buffer = null;
        if (used != null) {
            used.release();
        }
    }

    @Override
    protected void onCompleteSuccess() {
        release();
        tunnel.onFlowEnd();
    }

    @Override
    protected void onFailure(Throwable cause) {
        tunnel.onFlowFailed(this, cause);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
