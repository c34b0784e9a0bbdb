package dev.aiproxy.internal;

import java.time.Duration;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * How long the client has been silent on an HTTP/2 stream where something is due from it. Jetty's own timer is off: at the
 * second silence it resets a stream, however an exchange judges it (12.1.14, {@code HttpStreamOverHTTP2.onTimeout}).
 *
 * <p>{@link #overdue} is for the ticker alone; the others may be called by any thread.
 */
final class Http2Silence {

    private final HTTP2Stream stream;
    private final long limitNanos;
    private volatile long writingSince;
    private volatile long demandingSince;
    private int lastSendWindow;
    private long progressAt;

    /** @param limit how long it may hold up a write or owe the rest of a body; zero means for ever */
    Http2Silence(HTTP2Stream stream, Duration limit) {
        this.stream = stream;
        this.limitNanos = limit.toNanos();
        this.progressAt = System.nanoTime();
    }

    void onDemand() {
        demandingSince = System.nanoTime();
    }

    void onRead() {
        demandingSince = 0;
    }

    /** A write begins; it has ended when the callback returned is called, which hands on to the given one. */
    Callback onWrite(Callback callback) {
        writingSince = System.nanoTime();
        return new Written(callback);
    }

    /** See {@link ClientResponse#overdue}. */
    @Nullable
    Failure overdue(long now) {
        if (limitNanos == 0) {
            return null;
        }
        int sendWindow = stream.getSendWindow();
        if (sendWindow != lastSendWindow) {
            // It shrinks with what is sent, and grows with what the client takes.
            lastSendWindow = sendWindow;
            progressAt = now;
        }
        long writing = writingSince;
        if (writing != 0 && now - writing > limitNanos && now - progressAt > limitNanos) {
            return Failure.CLIENT_IDLE_TIMEOUT;
        }
        long demanding = demandingSince;
        return demanding != 0 && now - demanding > limitNanos ? Failure.CLIENT_BODY_TIMEOUT : null;
    }

    private final class Written extends Callback.Nested {
        Written(Callback callback) {
            super(callback);
        }

        @Override
        public void succeeded() {
            writingSince = 0;
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            writingSince = 0;
            super.failed(cause);
        }
    }
}
