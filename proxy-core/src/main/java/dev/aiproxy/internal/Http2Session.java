package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to the upstream, and what it can carry. Counts are guarded by the pool's lock; the rest may come
 * from any thread.
 */
final class Http2Session implements Session.Listener {

    /** RFC 9113 §6.5.2: no server should allow fewer; until it says how many, this is believed. */
    static final int ASSUMED_STREAMS = 100;

    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final Http2Pool pool;
    private int streams;
    private int mostStreams = ASSUMED_STREAMS;
    private boolean isUsed;
    private volatile @Nullable HTTP2Session session;
    private volatile boolean isUnderstood;
    private volatile boolean isDead;
    private long pingedAt;

    Http2Session(Http2Pool pool) {
        this.pool = pool;
    }

    // Under the pool's lock.

    boolean hasRoom() {
        return streams < mostStreams;
    }

    void take() {
        streams++;
    }

    void giveBack() {
        streams--;
        isUsed = true;
    }

    /** It carries what it has, and one less until it says otherwise: a stream has been refused. */
    void shrink() {
        mostStreams = Math.max(1, Math.min(mostStreams, streams - 1));
    }

    void allow(int most) {
        mostStreams = most;
    }

    boolean isUnused() {
        return streams == 0;
    }

    /** Whether an exchange has been through it already. */
    boolean isUsed() {
        return isUsed;
    }

    // Of any thread.

    /** Whether the upstream says that it takes a head of this size (RFC 9113 §6.5.2). */
    boolean takesHead(long bytes) {
        return bytes <= opened().getGenerator().getHpackEncoder().getMaxHeaderListSize();
    }

    void open(MetaData.Request head, boolean isComplete, Http2Attempt attempt) {
        opened().newStream(
                        new HeadersFrame(head, null, isComplete),
                        Promise.from(stream -> attempt.onHeadWritten(), attempt::onHeadFailed),
                        attempt);
    }

    /** Ends it, if nothing is under way any more. */
    void close() {
        // Should the upstream not end it, too.
        opened().getEndPoint().setIdleTimeout(GOODBYE.toMillis());
        opened().close(ErrorCode.NO_ERROR.code, "unused", Callback.NOOP);
    }

    /** What the failure of a stream means, if it is that of the whole connection. */
    Throwable explain(Throwable failure) {
        if (isDead) {
            // Without its cause, which is that time is up, but not that of the exchange.
            return new IOException("no answer to a ping");
        }
        boolean isParsed = !(failure instanceof ClosedChannelException);
        return isUnderstood || !isParsed ? failure : new NoHttp2Exception("what came is not HTTP/2", failure);
    }

    private HTTP2Session opened() {
        return Objects.requireNonNull(session);
    }

    @Override
    public Map<Integer, Integer> onPreface(Session begun) {
        HTTP2Session known = (HTTP2Session) begun;
        session = known;
        // RFC 7541 §7.1: clients who share a table could guess each other's keys by what is sent for them.
        HpackEncoder encoder = known.getGenerator().getHpackEncoder();
        encoder.setTableCapacity(0);
        return Map.of(SettingsFrame.ENABLE_PUSH, 0);
    }

    @Override
    public void onSettings(Session known, SettingsFrame frame) {
        isUnderstood = true;
        Integer most = frame.getSettings().get(SettingsFrame.MAX_CONCURRENT_STREAMS);
        if (most != null) {
            pool.allow(this, most);
        }
    }

    @Override
    public void onGoAway(Session ending, GoAwayFrame frame) {
        // Jetty would tear what is still under way when nothing comes for a while.
        opened().getEndPoint().setIdleTimeout(0);
        pool.retire(this);
    }

    @Override
    public void onClose(Session closed, GoAwayFrame frame, Callback callback) {
        pool.retire(this);
        callback.succeeded();
    }

    @Override
    public void onFailure(Session failed, Throwable failure, Callback callback) {
        pool.retire(this);
        callback.succeeded();
    }

    /**
     * Nothing has come or gone for a while. Streams may be silent for as long as they like, but then the upstream must
     * answer a ping: one that has vanished without a word shows itself only so.
     *
     * @return whether it is to be closed
     */
    @Override
    public boolean onIdleTimeout(Session idle) {
        if (pool.retireIfUnused(this)) {
            return true;
        }
        if (pingedAt != 0 && endPoint().heardAt() - pingedAt < 0) {
            isDead = true;
            pool.retire(this);
            return true;
        }
        pingedAt = System.nanoTime();
        idle.ping(new PingFrame(pingedAt, false), Callback.NOOP);
        return false;
    }

    private Http2UpstreamEndPoint endPoint() {
        return (Http2UpstreamEndPoint) opened().getEndPoint();
    }
}
