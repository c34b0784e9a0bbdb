package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request to the upstream in HTTP/2: sent once, or again where the upstream cannot have acted on it; and what its end
 * means.
 */
final class Http2Call implements RequestHalf {

    private static final Logger logger = LoggerFactory.getLogger(Http2Call.class);
    private static final int MAX_REPLAYS = 3;

    private final ProxyExchange exchange;
    private final MetaData.Request head;
    private final @Nullable RequestBody body;
    private final boolean awaitsContinue;
    private final Http2Upstream upstream;
    private final ProxyConfig config;
    private final Runnable inHttp1;
    private final CallClock clock;
    private volatile Http2Attempt attempt;
    private volatile boolean isUnprocessed;
    private volatile int replays;

    /**
     * Prepares the request.
     *
     * @param inHttp1 sends it in HTTP/1.1, should the upstream not speak HTTP/2
     */
    Http2Call(
            ProxyExchange exchange,
            MetaData.Request head,
            @Nullable RequestBody body,
            boolean awaitsContinue,
            Http2Upstream upstream,
            Runnable inHttp1) {
        this.exchange = exchange;
        this.head = head;
        this.body = body;
        this.awaitsContinue = awaitsContinue;
        this.upstream = upstream;
        this.config = exchange.terms().config();
        this.inHttp1 = inHttp1;
        this.clock = new CallClock(exchange, body, awaitsContinue, this::connectTimeoutFailure);
        this.attempt = newAttempt();
    }

    private Http2Attempt newAttempt() {
        return new Http2Attempt(this, upstream.poolOf(exchange.target()));
    }

    @Override
    public void send() {
        upstream.poolOf(exchange.target()).enter(attempt);
    }

    // What the attempt asks and tells.

    MetaData.Request head() {
        return head;
    }

    boolean hasBody() {
        return body != null;
    }

    boolean isBodiless(ResponseHead response) {
        return response.isBodiless(exchange.request().getMethod());
    }

    Duration idleLimit() {
        return config.timeouts().streamIdle();
    }

    long attemptedAt() {
        return clock.attemptedAt();
    }

    void onHeadTooLarge() {
        exchange.fail(Failure.HEADER_TOO_LARGE, new IOException("the upstream takes no head as large as this"));
    }

    void goInHttp1() {
        upstream.onHttp1(exchange.target());
        inHttp1.run();
    }

    void onHeadWritten(Http2Attempt written, Stream stream) {
        if (written != attempt) {
            return;
        }
        clock.committed();
        if (body == null) {
            clock.sent();
        } else {
            new Http2BodyWriter(stream, body.newAttempt(), exchange.request(), clock::sent).iterate();
        }
    }

    void onInterim(int status, HttpFields fields) {
        if (status == 100 && awaitsContinue) {
            // Reading the body makes Jetty send the client its 100.
            clock.onContinue();
            return;
        }
        exchange.onUpstreamInterim(new ResponseHead(status, "", fields, null, false));
    }

    void onMalformed() {
        exchange.fail(Failure.UPSTREAM_BAD_RESPONSE, new IOException("malformed response head"));
    }

    void onResponse(ResponseHead response, Content.Source content, Supplier<@Nullable HttpFields> trailers) {
        if (Http2ResponseSyntax.headBytes(response.fields()) > config.limits().headerBytes()) {
            onMalformed();
            return;
        }
        clock.responding();
        new ResponsePump(exchange).begin(response, content, trailers, exchange::onUpstreamFailed);
    }

    void onFailed(Http2Attempt failed, Throwable cause, boolean isSurelyUnprocessed) {
        if (failed == attempt) {
            isUnprocessed = isSurelyUnprocessed;
            exchange.onUpstreamFailed(cause);
        }
    }

    // What the exchange asks and tells.

    @Override
    public boolean replay(Throwable cause) {
        if (clock.isResponding() || body != null && !body.isRepeatable() || !isHarmless(cause)) {
            return false;
        }
        if (++replays > MAX_REPLAYS) {
            return false;
        }
        logger.debug("{} sent again on another stream", exchange.facts().id());
        clock.restart();
        isUnprocessed = false;
        attempt.giveUp();
        attempt = newAttempt();
        send();
        return true;
    }

    private boolean isHarmless(Throwable cause) {
        if (isUnprocessed) {
            return true;
        }
        if (!attempt.isCreated()) {
            // Nothing was sent; but a connection that was refused will not be made by asking again.
            return attempt.hasSession()
                    || FailureMapping.of(cause, FailureMapping.Phase.CONNECTING) == Failure.UPSTREAM_CONNECT_FAILED;
        }
        // As in HTTP/1.1: what may be done twice needs no proof on a connection that may have been ended meanwhile.
        return attempt.isReused()
                && body == null
                && UpstreamCall.IDEMPOTENT.contains(exchange.request().getMethod());
    }

    @Override
    public Failure failureOf(Throwable cause) {
        FailureMapping.Phase phase = clock.isResponding()
                ? FailureMapping.Phase.RESPONDING
                : attempt.hasSession() ? FailureMapping.Phase.WAITING : FailureMapping.Phase.CONNECTING;
        return FailureMapping.of(cause, phase);
    }

    /** Until there is a connection, a proxy on the way is to blame: it makes one. */
    private Failure connectTimeoutFailure() {
        boolean isAtProxy = !attempt.hasSession() && upstream.isBehindProxy(exchange.target());
        return isAtProxy ? Failure.UPSTREAM_PROXY_TIMEOUT : Failure.UPSTREAM_CONNECT_TIMEOUT;
    }

    @Override
    public void abort(Throwable cause) {
        attempt.giveUp();
    }

    @Override
    public void onResponseComplete() {
        if (isOwed() || attempt.isOpen()) {
            attempt.giveUp();
        }
    }

    @Override
    public boolean isWriting() {
        return attempt.isCreated();
    }

    @Override
    public @Nullable RequestBody body() {
        return body;
    }

    @Override
    public boolean awaitsTick() {
        return true;
    }

    @Override
    public void onTick(long now) {
        clock.onTick(now);
        attempt.onTick(now);
    }
}
