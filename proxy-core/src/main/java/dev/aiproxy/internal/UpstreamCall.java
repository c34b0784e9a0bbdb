package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request to the upstream in HTTP/1.1: sent once, or once more where the upstream cannot have acted on it; and what its
 * end means.
 */
final class UpstreamCall
        implements RequestHalf, Request.HeadersListener, Request.CommitListener, Request.SuccessListener {

    private static final Logger logger = LoggerFactory.getLogger(UpstreamCall.class);
    private static final int MAX_STALE_CONNECTIONS = 1000;

    /** More than one, because the next connection of the pool may have been closed together with the first. */
    private static final int MAX_REPLAYS = 3;

    /** For what an upstream has said before it stopped taking the request; it is here already, and so is a reset. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** RFC 9110 §9.2.2. */
    static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final ProxyExchange exchange;
    private final Supplier<UpstreamRequest> requests;
    /** Until there is a response; nothing is sent again from then on. */
    private volatile @Nullable HeadWriter head;

    private final @Nullable RequestBody body;
    private final boolean awaitsContinue;
    private final @Nullable Tunnels upgrade;
    private final ProxyConfig.Timeouts timeouts;
    private final Response.CompleteListener responseListener;
    private final CallClock clock;
    private volatile @Nullable UpstreamRequest upstreamRequest;
    private volatile @Nullable UpstreamEndPoint endPoint;
    private volatile boolean isReused;
    private volatile boolean isStale;
    private volatile boolean isUnread;
    private volatile boolean isInParts;
    private volatile int staleConnections;
    private volatile int replays;
    private volatile boolean isWriting;
    /** When that was noticed, in terms of the nano clock; 0 if the upstream takes what is written. Only for the ticker. */
    private long brokenSince;

    /**
     * Prepares the request.
     *
     * @param upgrade what makes a tunnel of its connection if the upstream agrees to another protocol; nothing if the
     *     client did not ask for one
     */
    UpstreamCall(
            ProxyExchange exchange,
            Supplier<UpstreamRequest> requests,
            HeadWriter head,
            @Nullable RequestBody body,
            boolean awaitsContinue,
            @Nullable Tunnels upgrade,
            Response.CompleteListener responseListener) {
        this.exchange = exchange;
        this.requests = requests;
        this.head = head;
        this.body = body;
        this.awaitsContinue = awaitsContinue;
        this.upgrade = upgrade;
        this.timeouts = exchange.terms().config().timeouts();
        this.responseListener = responseListener;
        this.clock = new CallClock(exchange, body, awaitsContinue, this::connectTimeoutFailure);
    }

    @Override
    public void send() {
        UpstreamRequest request = requests.get();
        upstreamRequest = request;
        request.assignTo(this);
        if (body != null) {
            request.body(body.newAttempt(this::takesNoMore));
        }
        request.idleTimeout(timeouts.streamIdle().toMillis(), TimeUnit.MILLISECONDS)
                .onRequestHeaders(this)
                .onRequestCommit(this)
                .onRequestSuccess(this)
                .send(responseListener);
    }

    @Override
    public @Nullable RequestBody body() {
        return body;
    }

    @Override
    public void abort(Throwable cause) {
        Request request = upstreamRequest;
        if (request != null) {
            request.abort(cause);
        }
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
        isReused = connected.isUsed();
        isStale = isReused && connected.isStale();
        if (isStale) {
            request.abort(new EOFException("connection was closed before the request"));
            return;
        }
        HeadWriter exactHead = head;
        if (exactHead == null) {
            request.abort(new IOException("answered before it was sent"));
            return;
        }
        endPoint = connected;
        connected.nextRequest(this, exactHead, body != null && body.length() < 0);
    }

    /** The first byte is about to be written. */
    void onWriting() {
        isWriting = true;
    }

    /** A further part of the body is about to be written. */
    void onWritingMore() {
        isInParts = true;
    }

    /**
     * Whether an end that came instead of the response may mean that the upstream has closed the connection before the
     * request arrived, and whether that would matter.
     */
    boolean mayBeUnread() {
        // What came in parts may have been read in part. What may be done twice needs no proof.
        return isReused && !isInParts && !isRepeatedWithoutProof() && (body == null || body.isRepeatable());
    }

    /** The upstream's end came, and then a reset for what was written: it was closed before the last byte arrived. */
    void onUnread() {
        isUnread = true;
    }

    /** When it began to wait for a connection, in terms of the nano clock. */
    long attemptedAt() {
        return clock.attemptedAt();
    }

    /** Whether anything may have reached the upstream. */
    @Override
    public boolean isWriting() {
        return isWriting;
    }

    @Override
    public void onCommit(Request request) {
        clock.committed();
        UpstreamEndPoint connected = endPoint;
        if (connected != null) {
            connected.onCommit();
        }
    }

    /** Whether the upstream has stopped taking the request; what it says to that, if anything, is about to be read. */
    private boolean takesNoMore() {
        UpstreamEndPoint connected = endPoint;
        return connected != null && connected.isWriteBroken();
    }

    @Override
    public void onSuccess(Request request) {
        clock.sent();
    }

    ResponseHead onResponseHead(Response response) {
        clock.responding();
        head = null;
        Objects.requireNonNull(upstreamRequest).onResponding();
        if (response.getVersion() == HttpVersion.HTTP_1_0
                && response.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            // RFC 9112 §6.1: in such a message nobody can be sure of where it ends.
            Objects.requireNonNull(endPoint).spend();
        }
        return headOf(response.getStatus(), response.getReason(), response.getHeaders());
    }

    /** Whether the upstream agrees to the protocol that the client asked for. */
    boolean isSwitch(Response response) {
        return upgrade != null
                && response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101
                && response.getVersion() == HttpVersion.HTTP_1_1;
    }

    /** The last HTTP message on this connection has been read; jetty-client has let go of it. */
    void onSwitched(ResponseHead head) {
        Tunnels tunnels = Objects.requireNonNull(upgrade);
        UpstreamEndPoint connected = Objects.requireNonNull(endPoint);
        connected.onSwitched();
        connected.upgrade(tunnels.newConnection(
                connected,
                connection -> exchange.openTunnel(
                        head.status(), Http1Head.ofSwitch(head), tunnels.join(exchange, connection))));
    }

    void onInterim(int status, @Nullable String reason, HttpFields fields) {
        ResponseHead interim = headOf(status, reason, fields);
        if (status == 100 && awaitsContinue) {
            // Reading the body makes Jetty send the client its 100.
            clock.onContinue();
            return;
        }
        exchange.onUpstreamInterim(interim);
    }

    private ResponseHead headOf(int status, @Nullable String reason, HttpFields fields) {
        UpstreamEndPoint connected = Objects.requireNonNull(endPoint);
        RawHead raw = connected.responseHead(fields, bodyLengthOf(status, fields));
        return new ResponseHead(status, reason == null ? "" : reasonOf(reason, raw), fields, raw, false);
    }

    /** What was written where {@link StatusLine} has put something harmless. */
    private static String reasonOf(String parsed, @Nullable RawHead raw) {
        if (raw == null || !parsed.startsWith(StatusLine.HARMLESS)) {
            return parsed;
        }
        String written = raw.reason();
        boolean isSame = written.length() == parsed.length() && written.endsWith(parsed.substring(1));
        return isSame ? written : parsed;
    }

    /** RFC 9112 §6.3, as far as the head tells it. */
    private long bodyLengthOf(int status, HttpFields fields) {
        boolean isBodiless = HttpStatus.isInterim(status) || status == 204 || status == 304;
        if (isBodiless || exchange.request().getMethod().equals("HEAD")) {
            return 0;
        }
        boolean isOfLength = !fields.contains(HttpHeader.TRANSFER_ENCODING);
        long length = isOfLength ? fields.getLongField(HttpHeader.CONTENT_LENGTH) : -1;
        return length < 0 ? HeadCapture.UNKNOWN_LENGTH : length;
    }

    @Override
    public void onResponseComplete() {
        if (isOwed() || takesNoMore()) {
            abort(new IOException("answered before the request was complete"));
        }
    }

    @Override
    public boolean replay(Throwable cause) {
        UpstreamEndPoint connected = endPoint;
        // Before it is written on, an endpoint may still tell of the request before.
        boolean isAnswered = clock.isResponding() || isWriting && connected != null && connected.isAnswered();
        if (isAnswered || body != null && !body.isRepeatable() || !isHarmless(cause)) {
            return false;
        }
        boolean isAllowed = isStale ? ++staleConnections <= MAX_STALE_CONNECTIONS : ++replays <= MAX_REPLAYS;
        if (!isAllowed) {
            return false;
        }
        logger.debug("{} sent again on another connection", exchange.facts().id());
        clock.restart();
        endPoint = null;
        isStale = false;
        isUnread = false;
        isReused = false;
        isWriting = false;
        isInParts = false;
        send();
        return true;
    }

    private boolean isHarmless(Throwable cause) {
        Request request = upstreamRequest;
        if (isStale || isUnread) {
            return true;
        }
        if (!isWriting) {
            // Nothing was sent; but a connection that was refused will not be made by asking again.
            boolean isConnected = request != null && request.getConnection() != null;
            return isConnected
                    || FailureMapping.of(cause, FailureMapping.Phase.CONNECTING) == Failure.UPSTREAM_CONNECT_FAILED;
        }
        // A connection that fails at a later request was most likely closed by the upstream meanwhile. It may have
        // acted on the request all the same: only what may be done twice is sent again.
        return isReused && isRepeatedWithoutProof();
    }

    private boolean isRepeatedWithoutProof() {
        return body == null && IDEMPOTENT.contains(exchange.request().getMethod());
    }

    @Override
    public Failure failureOf(Throwable cause) {
        FailureMapping.Phase phase = clock.isResponding()
                ? FailureMapping.Phase.RESPONDING
                : isConnected() ? FailureMapping.Phase.WAITING : FailureMapping.Phase.CONNECTING;
        ProxyTransport proxy = proxy();
        // In a tunnel, what fails once there is a connection is the upstream's, and before that tells what it is.
        boolean isToProxy = phase == FailureMapping.Phase.CONNECTING && proxy != null && !proxy.isTunnel();
        return FailureMapping.of(isToProxy ? UpstreamProxyException.of(cause) : cause, phase);
    }

    /** The proxy on the way to the upstream, if there is one. */
    private @Nullable ProxyTransport proxy() {
        Request request = upstreamRequest;
        return request == null ? null : ProxyTransport.of(request.getTransport());
    }

    /** Whether a response is not the upstream's: a proxy on the way wants to know who asks, which clients cannot tell it. */
    boolean isAskedByProxy(Response response) {
        ProxyTransport proxy = proxy();
        return response.getStatus() == HttpStatus.PROXY_AUTHENTICATION_REQUIRED_407
                && proxy != null
                && !proxy.isTunnel();
    }

    private boolean isConnected() {
        // A write on a new TLS connection starts with the handshake.
        ProxyTransport proxy = proxy();
        boolean isSecure = exchange.target().isSecure() || proxy != null && proxy.isSecure();
        boolean isHandshakeAhead = !isReused && isSecure;
        return clock.isCommitted() || isWriting && !isHandshakeAhead;
    }

    @Override
    public void onTick(long now) {
        clock.onTick(now);
        if (body == null || clock.isResponding() || !takesNoMore()) {
            return;
        }
        if (brokenSince == 0) {
            brokenSince = now;
        } else if (now - brokenSince > LAST_WORDS.toNanos()) {
            exchange.fail(
                    Failure.UPSTREAM_CLOSED, new EOFException("takes no more of the request, and does not say why"));
        }
    }

    @Override
    public boolean awaitsTick() {
        // A tunnel that comes of it goes on asking for the time.
        return !clock.isResponding() || isOwed() || upgrade != null;
    }

    /** Until there is a connection to write on, a proxy on the way is to blame: it makes one. */
    private Failure connectTimeoutFailure() {
        ProxyTransport proxy = proxy();
        boolean isAtProxy = proxy != null && (endPoint == null || !proxy.isTunnel());
        return isAtProxy ? Failure.UPSTREAM_PROXY_TIMEOUT : Failure.UPSTREAM_CONNECT_TIMEOUT;
    }
}
