package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's end of an HTTP/2 connection. Jetty declares that reading it may block, and so would wake another thread
 * for each read; here nothing blocks. It also knows when it has last heard of the upstream.
 */
final class Http2UpstreamEndPoint extends EndPointWrapper {

    private volatile long heardAt = System.nanoTime();
    /** The last one, which Jetty asks with again and again, and what it was made of. */
    private @Nullable Callback original;

    private @Nullable Callback nonBlocking;

    Http2UpstreamEndPoint(EndPoint endPoint) {
        super(endPoint);
    }

    /** In terms of the nano clock. */
    long heardAt() {
        return heardAt;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            heardAt = System.nanoTime();
        }
        return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
        if (callback != original || nonBlocking == null) {
            original = callback;
            nonBlocking = Callback.from(Invocable.InvocationType.NON_BLOCKING, callback::succeeded, callback::failed);
        }
        super.fillInterested(nonBlocking);
    }
}
