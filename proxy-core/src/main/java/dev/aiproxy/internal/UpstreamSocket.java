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
 */
final class UpstreamSocket extends SelectedEndPoint {

    private final Counters counters;
    private final AtomicBoolean isHalfOver = new AtomicBoolean();

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
            }
            return filled;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }
}
