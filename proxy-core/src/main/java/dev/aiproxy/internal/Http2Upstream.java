package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import dev.aiproxy.TargetHttpVersion;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** HTTP/2 to the proxy's own target: whether it is spoken, and the connections. */
final class Http2Upstream {

    /** How long a target that has chosen HTTP/1.1 is believed to do so. */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    /**
     * What may be under way of one response: what a line of 100 ms carries at 20 Mbit/s, many times what any model
     * writes, and what a client that does not read makes the proxy keep.
     */
    private static final int STREAM_WINDOW_BYTES = 256 * 1024;

    /**
     * What may be under way of all responses of a connection: more streams than a server allows, each with its window
     * full, so that clients that do not read never hold up others. It is a permission, not memory.
     */
    private static final int SESSION_WINDOW_BYTES = 1024 * 1024 * 1024;

    private static final int INPUT_BUFFER_BYTES = 16 * 1024;
    private static final int POOLED_BYTES = 64 * 1024;

    private final TargetHttpVersion version;
    private final Http2Connector connector;
    private final HTTP2Client client;
    private final SslContextFactory.Client tls;
    private final UpstreamRoutes routes;
    private final ConcurrentMap<Target, Http2Pool> pools = new ConcurrentHashMap<>();
    private final ConcurrentMap<Target, Long> http1Since = new ConcurrentHashMap<>();
    private volatile boolean isRetired;

    private Http2Upstream(
            TargetHttpVersion version,
            HTTP2Client client,
            SslContextFactory.Client tls,
            UpstreamRoutes routes,
            Http2Connector connector) {
        this.version = version;
        this.client = client;
        this.tls = tls;
        this.routes = routes;
        this.connector = connector;
    }

    /**
     * Begins to be there, for settings other than HTTP/1.1.
     *
     * @param http1 the client for HTTP/1.1, started, whose connector is used; what is needed here ends with it
     */
    static Http2Upstream of(
            ProxyConfig config,
            HttpClient http1,
            ClientConnector connector,
            OutboundAddresses outbound,
            CheckedAddresses addresses,
            UpstreamRoutes routes) {
        boolean mayBeHttp1 = config.targetHttpVersion() == TargetHttpVersion.AUTO;
        SslContextFactory.Client tls =
                mayBeHttp1 ? UpstreamTls.of(config, "h2", "http/1.1") : UpstreamTls.of(config, "h2");
        HTTP2Client client = new HTTP2Client(connector);
        client.setInputBufferSize(INPUT_BUFFER_BYTES);
        client.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        client.setInitialSessionRecvWindow(SESSION_WINDOW_BYTES);
        client.setMaxConcurrentPushedStreams(0);
        // It counts 32 bytes more for each field, and ends the connection beyond its limit; what is too large for us is
        // found out for each response.
        client.setMaxResponseHeadersSize(4 * config.limits().headerBytes());
        client.setMaxRequestHeadersSize(requestHeadBytes(config.limits().headerBytes()));
        // See Http2Session: not even if the upstream asks for one.
        client.setMaxEncoderTableCapacity(0);
        http1.addManaged(tls);
        http1.addManaged(client);
        return new Http2Upstream(
                config.targetHttpVersion(),
                client,
                tls,
                routes,
                new Http2Connector(
                        client,
                        addresses,
                        routes,
                        outbound,
                        tls,
                        mayBeHttp1,
                        config.timeouts().connect()));
    }

    /** Jetty takes a buffer of this size for each request; up to {@link #POOLED_BYTES} it comes from the pool. */
    private static int requestHeadBytes(int headerBytes) {
        return headerBytes <= POOLED_BYTES ? POOLED_BYTES : headerBytes + INPUT_BUFFER_BYTES;
    }

    /** Whether requests to an upstream are to go in HTTP/2. */
    boolean speaksTo(Target target) {
        boolean isWanted = version == TargetHttpVersion.HTTP_2 || target.isSecure() && !hasChosenHttp1(target);
        return isWanted && target.reach() == Target.Reach.OWN;
    }

    private boolean hasChosenHttp1(Target target) {
        Long since = http1Since.get(target);
        return since != null && System.nanoTime() - since < MEMORY.toNanos();
    }

    /** Whether connections to an upstream go through a proxy. */
    boolean isBehindProxy(Target target) {
        return ProxyTransport.of(routes.ofTunnel(target)) != null;
    }

    /** A target has agreed to HTTP/1.1 only. */
    void onHttp1(Target target) {
        http1Since.put(target, System.nanoTime());
    }

    /**
     * Closes the connections that are idle, and sees to it that the others are closed when their exchanges are over.
     *
     * @param http1 the client for HTTP/1.1, which need not look after these any more
     */
    void retire(HttpClient http1) {
        isRetired = true;
        pools.values().forEach(Http2Pool::retire);
        // Not stopped: exchanges may be in flight on them.
        http1.unmanage(client);
        http1.removeBean(client);
        http1.unmanage(tls);
        http1.removeBean(tls);
    }

    int idleConnections() {
        return pools.values().stream().mapToInt(Http2Pool::idleConnections).sum();
    }

    Http2Pool poolOf(Target target) {
        Http2Pool pool = pools.computeIfAbsent(target, key -> new Http2Pool(key, connector, client.getExecutor()));
        if (isRetired) {
            // For a request that began before that, and is the first of its target.
            pool.retire();
        }
        return pool;
    }
}
