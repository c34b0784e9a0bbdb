package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an HTTP/2 connection, which knows since when bytes have been coming that are no whole frame, or no
 * whole head, yet: each of them keeps the connection from being idle.
 *
 * <p>Read by one thread at a time; any thread may ask for the time.
 */
final class Http2EndPoint extends EndPointWrapper {

    /** What is below TLS, if there is TLS. */
    private final @Nullable EncryptedEndPoint encrypted;

    private volatile long frameBeganAt;

    Http2EndPoint(EndPoint endPoint) {
        super(endPoint);
        this.encrypted = endPoint instanceof EndPoint.Wrapper tls && tls.unwrap() instanceof EncryptedEndPoint below
                ? below
                : null;
    }

    /** In terms of the nano clock; 0 if all that came has been understood. */
    long frameBeganAt() {
        return frameBeganAt;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            if (encrypted != null) {
                encrypted.recordEnds();
            }
            if (frameBeganAt == 0) {
                frameBeganAt = System.nanoTime();
            }
        }
        return filled;
    }

    /** Tells endpoints of the frames that were in what they read. */
    static final class Frames implements HTTP2Session.FrameListener {
        @Override
        public void onIncomingFrame(Session session, Frame frame) {
            if (session instanceof HTTP2Session known && known.getEndPoint() instanceof Http2EndPoint client) {
                client.frameBeganAt = 0;
            }
        }
    }
}
