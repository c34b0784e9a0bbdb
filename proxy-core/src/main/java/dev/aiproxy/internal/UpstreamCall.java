package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/** The upstream half of an exchange: one request sent, its clock, and its end. */
final class UpstreamCall implements Request.HeadersListener, Request.CommitListener, Request.SuccessListener {

    private final ProxyExchange exchange;
    private final Request upstreamRequest;
    private final HeadWriter head;
    private final @Nullable RequestBody body;
    private final boolean awaitsContinue;
    private final ProxyConfig config;
    private final Response.CompleteListener responseListener;
    private final long createdAt = System.nanoTime();
    private volatile @Nullable UpstreamEndPoint endPoint;
    private volatile long committedAt;
    private volatile long sentAt;
    private volatile boolean isResponding;

    UpstreamCall(
            ProxyExchange exchange,
            Request upstreamRequest,
            HeadWriter head,
            @Nullable RequestBody body,
            boolean awaitsContinue,
            ProxyConfig config,
            Response.CompleteListener responseListener) {
        this.exchange = exchange;
        this.upstreamRequest = upstreamRequest;
        this.head = head;
        this.body = body;
        this.awaitsContinue = awaitsContinue;
        this.config = config;
        this.responseListener = responseListener;
    }

    void send() {
        UpstreamClient.remember(upstreamRequest, this);
        if (body != null) {
            upstreamRequest.body(body);
        }
        upstreamRequest
                .idleTimeout(config.streamIdleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onRequestHeaders(this)
                .onRequestCommit(this)
                .onRequestSuccess(this)
                .send(responseListener);
    }

    /** Whether the client has sent all it has to, so that nobody reads from it. */
    boolean isRequestRead() {
        return body == null || body.isCompletelyRead();
    }

    void abort(Throwable cause) {
        upstreamRequest.abort(cause);
        UpstreamEndPoint connected = endPoint;
        if (connected != null) {
            // jetty-client would first wait for a write under way, which may never end.
            connected.closeFor(this, cause);
        }
    }

    @Override
    public void onHeaders(Request request) {
        Connection connection = (Connection) request.getConnection();
        UpstreamEndPoint connected = (UpstreamEndPoint) ((AbstractConnection) connection).getEndPoint();
        endPoint = connected;
        connected.nextRequest(this, head, body != null && body.getLength() < 0);
    }

    @Override
    public void onCommit(Request request) {
        committedAt = System.nanoTime();
    }

    @Override
    public void onSuccess(Request request) {
        sentAt = System.nanoTime();
    }

    /** The upstream wants the body, or has answered without it. */
    void onContinue() {
        if (body != null) {
            body.release();
        }
    }

    ResponseHead onResponseHead(Response response) {
        isResponding = true;
        return headOf(response.getStatus(), response.getReason(), response.getHeaders());
    }

    void onInterim(int status, @Nullable String reason, HttpFields fields) {
        ResponseHead interim = headOf(status, reason, fields);
        if (status == 100 && awaitsContinue) {
            // Reading the body makes Jetty send the client its 100.
            onContinue();
            return;
        }
        exchange.onUpstreamInterim(interim);
    }

    private ResponseHead headOf(int status, @Nullable String reason, HttpFields fields) {
        UpstreamEndPoint connected = Objects.requireNonNull(endPoint);
        RawHead raw = connected.responseHead(fields, status < 200);
        return new ResponseHead(status, reason == null ? "" : reason, fields, raw);
    }

    /**
     * Throws away what is left of the request.
     *
     * @return whether there is anything left, so that {@code whenDone} will run
     */
    boolean drainRequest(Runnable whenDone) {
        if (isRequestRead()) {
            return false;
        }
        Objects.requireNonNull(body).drain(whenDone);
        return true;
    }

    /** The response has reached the client; a request still being sent has nobody left to answer it. */
    void onResponseComplete() {
        if (!isRequestRead()) {
            abort(new IOException("answered before the request was complete"));
        }
    }

    /** What a failure of this call means. */
    Failure failureOf(Result result) {
        FailureMapping.Phase phase = isResponding
                ? FailureMapping.Phase.RESPONDING
                : committedAt == 0 ? FailureMapping.Phase.CONNECTING : FailureMapping.Phase.WAITING;
        return FailureMapping.of(result.getFailure(), phase);
    }

    void onTick(long now) {
        if (isResponding) {
            return;
        }
        if (committedAt == 0) {
            expire(now, createdAt, config.connectTimeout(), Failure.UPSTREAM_CONNECT_TIMEOUT);
            return;
        }
        if (awaitsContinue && now - committedAt > UpstreamClient.CONTINUE_PATIENCE.toNanos()) {
            onContinue();
        }
        if (sentAt != 0) {
            expire(now, sentAt, config.firstByteTimeout(), Failure.UPSTREAM_FIRST_BYTE_TIMEOUT);
        }
    }

    private void expire(long now, long since, Duration limit, Failure failure) {
        if (!limit.isZero() && now - since > limit.toNanos()) {
            exchange.fail(failure, new TimeoutException(failure.code()));
        }
    }
}
