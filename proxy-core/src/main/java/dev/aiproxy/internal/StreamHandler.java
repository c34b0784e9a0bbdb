package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Where a request becomes an exchange: it is numbered, checked, refused if need be, and handed on.
 */
final class StreamHandler extends Handler.Wrapper {

    private static final String EXCHANGE = ProxyExchange.class.getName();

    private final ExchangeListener listener;
    private final TraceFields traceFields;
    private final Counters counters;
    private final OutboundAddresses outbound;
    private final Supplier<Terms> terms;
    private final BooleanSupplier isDraining;
    private final AtomicLong lastId = new AtomicLong();
    private final InFlight inFlight;

    StreamHandler(
            Handler next,
            ExchangeListener listener,
            TraceFields traceFields,
            Counters counters,
            OutboundAddresses outbound,
            Supplier<Terms> terms,
            ResetProbe resetProbe,
            BooleanSupplier isDraining) {
        super(next);
        this.listener = listener;
        this.traceFields = traceFields;
        this.counters = counters;
        this.outbound = outbound;
        this.terms = terms;
        this.isDraining = isDraining;
        this.inFlight = new InFlight(resetProbe);
        installBean(resetProbe);
    }

    static @Nullable ProxyExchange exchangeOf(Request request) {
        return (ProxyExchange) request.getAttribute(EXCHANGE);
    }

    InFlight inFlight() {
        return inFlight;
    }

    private Exchange factsOf(Request request, Route route, Door.Visitor visitor) {
        String named = route.named();
        String requestTarget = named == null ? RequestTarget.originForm(request) : named;
        long age = System.nanoTime() - request.getBeginNanoTime();
        return new Exchange(
                lastId.incrementAndGet(),
                Instant.now().minusNanos(age),
                nameOf(request.getConnectionMetaData().getRemoteSocketAddress()),
                visitor.name(),
                request.getMethod(),
                RequestTarget.loggedPath(requestTarget),
                RequestTarget.loggedQuery(requestTarget),
                Optional.of(versionOf(request)),
                traceFields.contextOf(request.getHeaders()));
    }

    private static String versionOf(Request request) {
        return switch (request.getConnectionMetaData().getHttpVersion()) {
            case HTTP_2 -> "2";
            case HTTP_1_0 -> "1.0";
            default -> "1.1";
        };
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // Once: whatever changes while this request is in flight is no business of its.
        Terms current = terms.get();
        ClientEndPoint endPoint = http1EndPointOf(request);
        HTTP2Stream http2Stream = endPoint == null ? Http2Streams.of(request) : null;
        if (endPoint == null && http2Stream == null) {
            callback.failed(new EofException("stream is gone"));
            return true;
        }
        if (http2Stream != null
                && Http2Fields.headBytes(request) > current.config().limits().headerBytes()) {
            Response.writeError(request, response, callback, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
            return true;
        }
        RawHead rawHead = endPoint == null
                ? null
                : endPoint.exchangeBegins(request.getMethod(), request.getHeaders(), bodyLengthOf(request));
        boolean isAbsoluteForm = endPoint != null && !endPoint.takeOriginForm();
        Route route = current.rules().routeOf(request, rawHead, isAbsoluteForm);
        if (route.isMalformed() || RequestSyntax.isMalformed(request, rawHead)) {
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
            return true;
        }
        boolean isElsewhere = route.target().reach() != Target.Reach.OWN;
        boolean isProxied = isAbsoluteForm || isElsewhere || request.getMethod().equals("CONNECT");
        Door.Visitor visitor = current.door().admit(request, isProxied);
        ProxyExchange exchange = begin(request, http2Stream, rawHead, current, route, visitor);
        Failure refusal = visitor.refusal() == null ? refusalOf(request, current, route) : visitor.refusal();
        if (refusal != null) {
            exchange.onCompletion(callback::succeeded);
            exchange.fail(refusal, new IllegalStateException(refusal.code()));
            return true;
        }
        if (http2Stream != null) {
            Http2Streams.onClosed(http2Stream, exchange::onClientGone);
        }
        return super.handle(request, response, callback);
    }

    /** The client's connection if it is an HTTP/1.1 or HTTP/1.0 one. */
    private static @Nullable ClientEndPoint http1EndPointOf(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof ClientEndPoint http1 ? http1 : null;
    }

    private ProxyExchange begin(
            Request request,
            @Nullable HTTP2Stream http2Stream,
            @Nullable RawHead rawHead,
            Terms current,
            Route route,
            Door.Visitor visitor) {
        Exchange facts = factsOf(request, route, visitor);
        // The target's key is no business of anybody else.
        boolean isOwnTarget = route.target().reach() == Target.Reach.OWN;
        Credentials credentials = new Credentials(
                visitor.spent(), isOwnTarget ? current.config().access().targetKey() : Optional.empty());
        // Jetty asks for the new stream within this call, and only once.
        AtomicReference<ClientResponse> response = new AtomicReference<>();
        request.addHttpStreamWrapper(stream -> {
            ClientResponse created =
                    newResponse(stream, http2Stream, request, current, () -> inFlight.leave(facts.id()));
            response.set(created);
            return (HttpStream) created;
        });
        ExchangeReport report = new ExchangeReport(
                facts, request.getBeginNanoTime(), listener, current.config().aiInsight());
        ProxyExchange exchange = new ProxyExchange(
                facts, request, rawHead, credentials, response.get(), current, route.target(), report, counters);
        inFlight.enter(exchange);
        request.setAttribute(EXCHANGE, exchange);
        exchange.begin();
        return exchange;
    }

    private ClientResponse newResponse(
            HttpStream stream,
            @Nullable HTTP2Stream http2Stream,
            Request request,
            Terms current,
            Runnable onStreamEnd) {
        Duration clientIdle = current.config().timeouts().clientIdle();
        return http2Stream != null
                ? new Http2Response(stream, http2Stream, request, clientIdle, onStreamEnd)
                : new Http1Response(
                        stream, request, Objects.requireNonNull(http1EndPointOf(request)), clientIdle, onStreamEnd);
    }

    private static long bodyLengthOf(Request request) {
        boolean isChunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return isChunked ? -1 : Math.max(0, request.getLength());
    }

    private @Nullable Failure refusalOf(Request request, Terms current, Route route) {
        if (isDraining.getAsBoolean()) {
            return Failure.SHUTTING_DOWN;
        }
        if (inFlight.count() > current.config().limits().streams()) {
            return Failure.TOO_MANY_STREAMS;
        }
        ConnectionMetaData connection = request.getConnectionMetaData();
        if (outbound.contains(connection.getRemoteSocketAddress(), connection.getLocalSocketAddress())) {
            return Failure.REQUEST_LOOP;
        }
        return route.refusal();
    }

    private static String nameOf(SocketAddress client) {
        if (client instanceof InetSocketAddress address) {
            InetAddress ip = address.getAddress();
            return ip == null ? address.getHostString() : ip.getHostAddress();
        }
        return "-";
    }

    /** Jetty has ended a request; one that it refused by itself never became an exchange, and is told of here. */
    void onJettyEnd(Request request, Response response) {
        if (exchangeOf(request) != null) {
            return;
        }
        Failure failure = JsonErrors.failureOf(response.getStatus());
        Duration age = Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime());
        tellOfRefusal(request.getConnectionMetaData().getRemoteSocketAddress(), failure, response.getStatus(), age);
    }

    /** A client has been told that it must speak TLS here. */
    void onPlainHttp(SocketAddress client) {
        tellOfRefusal(client, Failure.HTTPS_REQUIRED, Failure.HTTPS_REQUIRED.status(), Duration.ZERO);
    }

    private void tellOfRefusal(SocketAddress client, Failure failure, int status, Duration age) {
        Exchange facts =
                new Exchange(lastId.incrementAndGet(), Instant.now(), nameOf(client), Optional.empty(), "-", "-", "");
        boolean isGone = failure == Failure.CLIENT_GONE;
        listener.onRequest(facts);
        listener.onEnd(new ExchangeEnd(
                facts,
                failure.outcome(),
                isGone ? Optional.empty() : Optional.of(status),
                Optional.of(failure.code()),
                0,
                isGone ? 0 : failure.json().length(),
                isGone ? Optional.empty() : Optional.of(age),
                isGone ? Optional.empty() : Optional.of(age),
                age));
    }
}
