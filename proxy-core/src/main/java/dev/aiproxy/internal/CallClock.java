package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a request to the upstream, which may run several times: how long it waits for a connection, for the
 * upstream's 100, and for an answer. Any thread may tell it how far the request is.
 */
final class CallClock {

    /** After this time a stale connection would have shown. */
    private static final Duration REPLAYABLE = Duration.ofSeconds(1);

    private final ProxyExchange exchange;
    private final ProxyConfig.Timeouts timeouts;
    private final @Nullable RequestBody body;
    private final boolean awaitsContinue;
    private final Supplier<Failure> connectTimeout;
    private volatile long attemptedAt = System.nanoTime();
    private volatile long committedAt;
    private volatile long sentAt;
    private volatile boolean isResponding;

    /** @param connectTimeout whose fault it is if there is no connection in time */
    CallClock(
            ProxyExchange exchange,
            @Nullable RequestBody body,
            boolean awaitsContinue,
            Supplier<Failure> connectTimeout) {
        this.exchange = exchange;
        this.timeouts = exchange.terms().config().timeouts();
        this.body = body;
        this.awaitsContinue = awaitsContinue;
        this.connectTimeout = connectTimeout;
    }

    /** The request is about to be sent again. */
    void restart() {
        // The clock of the new attempt starts before that of the old one is taken away.
        attemptedAt = System.nanoTime();
        committedAt = 0;
        sentAt = 0;
    }

    /** The head has been written. */
    void committed() {
        committedAt = System.nanoTime();
        exchange.report().onConnected();
    }

    /** The body has been written, too. */
    void sent() {
        sentAt = System.nanoTime();
    }

    /** The head of the response is there; nothing is sent again from now on. */
    void responding() {
        isResponding = true;
        if (body != null) {
            body.forget();
        }
    }

    /** The upstream wants the body, or has answered without it. */
    void onContinue() {
        if (body != null) {
            body.release();
        }
    }

    /** When it began to wait for a connection, in terms of the nano clock. */
    long attemptedAt() {
        return attemptedAt;
    }

    boolean isCommitted() {
        return committedAt != 0;
    }

    boolean isResponding() {
        return isResponding;
    }

    void onTick(long now) {
        // Read once: a request that is sent again meanwhile sets them to zero, which would look like ages ago.
        long committed = committedAt;
        long attempted = attemptedAt;
        long sent = sentAt;
        if (isResponding) {
            return;
        }
        if (committed == 0) {
            expire(now, attempted, timeouts.connect(), connectTimeout.get());
            return;
        }
        if (awaitsContinue && now - committed > UpstreamClient.CONTINUE_PATIENCE.toNanos()) {
            onContinue();
        }
        if (body != null && now - committed > REPLAYABLE.toNanos()) {
            body.forget();
        }
        if (sent != 0) {
            expire(now, sent, timeouts.firstByte(), Failure.UPSTREAM_FIRST_BYTE_TIMEOUT);
        }
    }

    private void expire(long now, long since, Duration limit, Failure failure) {
        if (!limit.isZero() && now - since > limit.toNanos()) {
            exchange.fail(failure, new TimeoutException(failure.code()));
        }
    }
}
