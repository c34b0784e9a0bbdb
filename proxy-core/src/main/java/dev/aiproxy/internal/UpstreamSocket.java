package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A socket to an upstream: is counted, and tells a reset from an end. Jetty's own endpoint reports both as an end, and so
 * half a body as a whole one.
 *
 * <p>A write that fails ends what jetty-client does on it, even if an answer waits to be read that tells why. So for part
 * of an exchange writes do not fail: what has become of them, reads tell.
 */
final class UpstreamSocket extends SelectedEndPoint {

    private final Counters counters;
    private final AtomicBoolean isHalfOver = new AtomicBoolean();
    private volatile boolean isReaderToTell;
    private volatile @Nullable IOException brokenWrite;

    UpstreamSocket(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Counters counters) {
        super(channel, selector, key, scheduler);
        this.counters = counters;
    }

    @Override
    public void onOpen() {
        counters.onUpstreamOpened();
        onHalfOver();
        super.onOpen();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        onHalfOver();
    }

    /** It may be closed before it is opened, where nobody wants it any more; or be closed and never opened. */
    private void onHalfOver() {
        if (!isHalfOver.compareAndSet(false, true)) {
            counters.onUpstreamClosed();
        }
    }

    /**
     * Whether from now on a write that fails passes for done, so that the reader finds the answer or the reset that explains
     * it. Only for whoever reads all the time, and asks {@link #isWriteBroken} before it writes more.
     */
    void leaveItToReader(boolean isLeft) {
        isReaderToTell = isLeft;
    }

    /** Whether a write has failed, and nobody has been told. */
    boolean isWriteBroken() {
        return brokenWrite != null;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        IOException broken = brokenWrite;
        if (broken == null) {
            try {
                return super.flush(buffers);
            } catch (IOException e) {
                broken = e;
            }
        }
        if (!isReaderToTell || !isOpen() || isOutputShutdown()) {
            throw broken;
        }
        brokenWrite = broken;
        for (ByteBuffer buffer : buffers) {
            buffer.position(buffer.limit());
        }
        return true;
    }

    @Override
    int read(ByteBuffer buffer) throws IOException {
        if (isInputShutdown()) {
            return -1;
        }
        int position = BufferUtil.flipToFill(buffer);
        try {
            int filled = getChannel().read(buffer);
            if (filled > 0) {
                notIdle();
            } else if (filled < 0) {
                shutdownInput();
                failIfReset();
            }
            return filled;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    /** The system tells of a reset once, and it may have been a write that was told; to a read, all looks like an end then. */
    private void failIfReset() throws IOException {
        IOException broken = brokenWrite;
        if (broken == null) {
            return;
        }
        Throwable cause = broken.getCause() == null ? broken : broken.getCause();
        // EPIPE, send(2): there was a regular end before the reset. Everything else came without one.
        if (!"Broken pipe".equals(cause.getMessage())) {
            throw broken;
        }
    }
}
