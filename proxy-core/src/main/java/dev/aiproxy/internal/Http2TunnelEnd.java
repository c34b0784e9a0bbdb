package dev.aiproxy.internal;

import java.util.concurrent.Executor;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;

/**
 * An end of a tunnel that is a stream (RFC 9113 §8.5): bytes are its DATA, END_STREAM is the end of a direction, and
 * RST_STREAM a reset.
 */
final class Http2TunnelEnd implements TunnelEnd {

    private final HTTP2Stream stream;
    private final EndPoint endPoint;

    /** @param endPoint the stream's */
    Http2TunnelEnd(HTTP2Stream stream, EndPoint endPoint, Executor executor) {
        this.stream = stream;
        this.endPoint = endPoint;
        // Jetty's endpoint counts on one; nothing else is asked of it.
        endPoint.setConnection(new AbstractConnection(endPoint, executor) {
            @Override
            public void onFillable() {
                throw new IllegalStateException("a tunnel is not read by its connection");
            }
        });
    }

    @Override
    public EndPoint endPoint() {
        return endPoint;
    }

    @Override
    public void open(Runnable broken) {
        // From here on, what Jetty has to tell of the stream goes to the endpoint, and no more to the request.
        stream.setAttachment(endPoint);
        Http2Streams.onClosed(stream, () -> {
            if (stream.isResetOrFailed() || !endPoint.isOutputShutdown()) {
                broken.run();
            }
        });
    }

    @Override
    public boolean isEndAReset() {
        // A reset fails the read.
        return false;
    }

    @Override
    public void watch(ResetProbe resetProbe, Runnable broken) {
        // Jetty reads frames at all times, and tells.
    }

    @Override
    public void reset(Throwable cause) {
        Http2Streams.reset(stream, ErrorCode.HTTP_CONNECT_ERROR);
    }
}
