package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import jakarta.servlet.ServletException;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's proxy servlet with its parts replaced where they would change, delay or buffer the traffic: what is left of it is
 * the HTTP client and its life. Exchanges come from {@link ForwardHandler}, not from the servlet container.
 */
final class StreamingServlet extends AsyncMiddleManServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<Terms> terms;
    private final transient Server server;
    private final transient SharedSelectors selectors;
    private final transient OutboundAddresses outbound;
    private final transient CheckedAddresses addresses;
    private final transient Tunnels tunnels;
    private final transient Counters counters;

    StreamingServlet(
            Supplier<Terms> terms,
            Server server,
            SharedSelectors selectors,
            OutboundAddresses outbound,
            CheckedAddresses addresses,
            Tunnels tunnels,
            Counters counters) {
        this.terms = terms;
        this.server = server;
        this.selectors = selectors;
        this.outbound = outbound;
        this.addresses = addresses;
        this.tunnels = tunnels;
        this.counters = counters;
    }

    /** What makes connections to upstreams; there is one as soon as the servlet has been started. */
    ClientConnector connector() {
        return connectorOf(getHttpClient());
    }

    private static ClientConnector connectorOf(HttpClient client) {
        return ((HttpClientTransportOverHTTP) client.getHttpClientTransport()).getClientConnector();
    }

    /** Sets what may change while it runs, if it does. */
    void adjustClient(ProxyConfig changed) {
        HttpClient client = getHttpClient();
        if (client != null) {
            UpstreamClient.adjust(client, changed);
        }
    }

    /** Prepares for connections on other terms, if it runs. */
    void open(Upstreams upstreams) {
        HttpClient client = getHttpClient();
        if (client != null) {
            upstreams.openHttp2(client, connectorOf(client), outbound, addresses);
        }
    }

    /** Lets go of connections that are for no request to come. */
    void retire(Upstreams upstreams) {
        HttpClient client = getHttpClient();
        if (client != null) {
            upstreams.retire(client);
        }
    }

    /** How many connections wait for a request to come. */
    int idleConnections(Upstreams upstreams) {
        HttpClient client = getHttpClient();
        return client == null ? 0 : upstreams.idleConnections(client);
    }

    @Override
    protected HttpClient newHttpClient() {
        return UpstreamClient.of(terms.get(), server, selectors, outbound, addresses, counters);
    }

    @Override
    protected HttpClient createHttpClient() throws ServletException {
        HttpClient client = super.createHttpClient();
        client.getProtocolHandlers().clear();
        client.getProtocolHandlers().put(new InterimResponses());
        UpstreamClient.adjust(client, terms.get().config());
        terms.get().upstreams().openHttp2(client, connectorOf(client), outbound, addresses);
        return client;
    }

    /** Sends a request on its way; whatever becomes of it is told to the exchange. */
    void forward(ProxyExchange exchange) {
        exchange.forward(() -> half(exchange));
    }

    private RequestHalf half(ProxyExchange exchange) {
        boolean awaitsContinue = awaitsContinue(exchange);
        boolean isUpgrade = UpgradeRules.isUpgrade(exchange.request());
        RequestBody body = requestBody(exchange, awaitsContinue);
        Http2Upstream upstream = exchange.terms().upstreams().http2();
        if (isUpgrade || upstream == null || !upstream.speaksTo(exchange.target())) {
            return newCall(exchange, body, awaitsContinue, isUpgrade);
        }
        return new Http2Call(
                exchange,
                Http2RequestHead.of(
                        exchange.request(),
                        exchange.rawHead(),
                        exchange.target(),
                        exchange.credentials(),
                        exchange.terms().config().origin(),
                        exchange.facts().trace().forwarded().orElse(null)),
                body,
                awaitsContinue,
                upstream,
                () -> exchange.forward(() -> newCall(exchange, body, awaitsContinue, false)));
    }

    private UpstreamCall newCall(
            ProxyExchange exchange, @Nullable RequestBody body, boolean awaitsContinue, boolean isUpgrade) {
        Transport way = exchange.terms().upstreams().routes().of(exchange.target(), isUpgrade);
        ProxyTransport proxy = ProxyTransport.of(way);
        return new UpstreamCall(
                exchange,
                () -> newUpstreamRequest(exchange, way),
                RequestHead.of(
                        exchange.request(),
                        exchange.rawHead(),
                        exchange.target(),
                        exchange.credentials(),
                        exchange.terms().config().origin(),
                        exchange.facts().trace().forwarded().orElse(null),
                        proxy == null || proxy.isTunnel() ? null : proxy,
                        exchange.response().hasBody() && exchange.request().getLength() < 0,
                        isUpgrade),
                body,
                awaitsContinue,
                isUpgrade ? tunnels : null,
                new Http1ResponseListener(exchange));
    }

    /** What goes over the wire is RequestHead's; jetty-client needs to know only how the messages are framed. */
    private UpstreamRequest newUpstreamRequest(ProxyExchange exchange, Transport way) {
        org.eclipse.jetty.server.Request request = exchange.request();
        boolean isHead = request.getMethod().equals("HEAD");
        boolean hasBody = exchange.response().hasBody();
        UpstreamRequest upstreamRequest =
                new UpstreamRequest(getHttpClient(), exchange.target().uri());
        upstreamRequest
                .transport(way)
                .tag(exchange.terms().upstreams().tag(exchange.target().reach()))
                .method(isHead ? "HEAD" : hasBody ? "POST" : "GET");
        if (hasBody && request.getLength() < 0) {
            upstreamRequest.trailersSupplier(() -> FieldRules.trailers(request.getTrailers()));
        }
        return upstreamRequest;
    }

    private @Nullable RequestBody requestBody(ProxyExchange exchange, boolean awaitsContinue) {
        org.eclipse.jetty.server.Request request = exchange.request();
        if (!exchange.response().hasBody()) {
            return null;
        }
        int keptBytes = exchange.terms().config().limits().replayBufferBytes();
        RequestBody body = new RequestBody(request, exchange, awaitsContinue, keptBytes);
        body.prefetch();
        return body;
    }

    private static boolean awaitsContinue(ProxyExchange exchange) {
        org.eclipse.jetty.server.Request request = exchange.request();
        // RFC 9110 §10.1.1: from HTTP/1.0 it counts for nothing. And what Connection names is no expectation of the
        // server.
        return exchange.response().hasBody()
                && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0
                && request.getHeaders().contains(HttpHeader.EXPECT, "100-continue")
                && !FieldRules.nominatedByConnection(request.getHeaders()).contains("expect");
    }
}
