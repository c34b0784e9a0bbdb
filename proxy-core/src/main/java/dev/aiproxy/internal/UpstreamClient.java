package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.Invocable;

/** Builds the HTTP client that speaks to the upstream; it shares threads, selectors, timers and buffers with the server. */
final class UpstreamClient {

    /**
     * How long a request with {@code Expect: 100-continue} waits for the upstream's 100 before its body is sent anyway:
     * some servers never send one, and a client must not wait for ever (RFC 9110 §10.1.1).
     */
    static final Duration CONTINUE_PATIENCE = Duration.ofSeconds(1);

    /** Shorter than the keep-alive of common servers, so that a connection is seldom closed under a request. */
    private static final Duration POOLED_IDLE = Duration.ofSeconds(30);

    private static final int BUFFER_BYTES = 16 * 1024;

    /** Beyond one for each exchange, for those that are being closed. */
    private static final int SPARE_CONNECTIONS = 64;

    private UpstreamClient() {}

    static HttpClient of(
            Terms terms,
            Server server,
            SharedSelectors selectors,
            OutboundAddresses outbound,
            CheckedAddresses addresses,
            Counters counters) {
        ClientConnector connector = new UpstreamConnector(selectors, counters);
        // Of the first terms, because there has to be one; which is used is the destination's business.
        connector.setSslContextFactory(terms.upstreams().ownTls());
        connector.setByteBufferPool(server.getByteBufferPool());
        connector.setScheduler(server.getScheduler());

        Transport transport = new Transport(connector);
        // Values are compared with what was on the wire.
        transport.setHeaderCacheCaseSensitive(true);
        transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
        HttpClient client = new HttpClient(transport);
        client.addBean(outbound);
        client.addBean(terms.upstreams().othersTls());
        client.setSocketAddressResolver(addresses);
        // Upstreams come and go; what is known of one is forgotten when its connections are gone.
        client.setDestinationIdleTimeout(2 * POOLED_IDLE.toMillis());
        client.setByteBufferPool(server.getByteBufferPool());
        client.setScheduler(server.getScheduler());
        client.setIdleTimeout(POOLED_IDLE.toMillis());
        client.setResponseBufferSize(BUFFER_BYTES);
        client.setUserAgentField(null);
        // Bare line feeds end lines for some parsers and not for others.
        client.setHttpCompliance(HttpCompliance.STRICT);
        client.setDefaultRequestContentType(null);
        return client;
    }

    /** Sets what may change while it runs. Limits count for connections to come. */
    static void adjust(HttpClient client, ProxyConfig config) {
        client.setConnectTimeout(orForever(config.timeouts().connect()).toMillis());
        client.setMaxRequestsQueuedPerDestination(config.limits().streams());
        client.setMaxConnectionsPerDestination(config.limits().streams() + SPARE_CONNECTIONS);
        client.setMaxResponseHeadersSize(config.limits().headerBytes());
    }

    /** Looks names up without blocking whoever asks; lives as long as the server. */
    static SocketAddressResolver resolver(Supplier<Terms> terms, Server server) {
        AddressLookups lookups = new AddressLookups(
                InetAddress::getAllByName,
                server.getThreadPool(),
                server.getScheduler(),
                () -> orForever(terms.get().config().timeouts().connect()));
        server.addBean(lookups);
        return lookups;
    }

    private static Duration orForever(Duration timeout) {
        return timeout.isZero() ? Duration.ofDays(365) : timeout;
    }

    private static final class Transport extends HttpClientTransportOverHTTP {
        private final HttpClientConnectionFactory factory = new HttpClientConnectionFactory();

        Transport(ClientConnector connector) {
            super(connector);
            setConnectionPoolFactory(UpstreamPool::new);
        }

        @Override
        public Destination newDestination(Origin origin) {
            return new UpstreamDestination(getHttpClient(), origin);
        }

        @Override
        public Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
            // A connection keeps its promise for as long as it lives, and with it all that its making took: 1.5 KB a
            // stream.
            context.computeIfPresent(
                    org.eclipse.jetty.client.Connection.PROMISE_CONTEXT_KEY,
                    (key, promise) -> new OneTimePromise<>((Promise<?>) promise));
            return factory.newConnection(
                    new UpstreamEndPoint(endPoint, getHttpClient().getScheduler()), context);
        }
    }
}
