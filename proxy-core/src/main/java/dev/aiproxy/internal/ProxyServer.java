package dev.aiproxy.internal;

import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request, put together in the order a request takes it:
 *
 * <pre>
 * client ─► ListeningConnector ─► ClientEndPoint ─► StreamHandler ─► TunnelHandler ─► ForwardHandler ─► StreamingServlet ─►
 *           accepts               watches for a     makes it an      takes CONNECT     goes past the    forwards it
 *                                 client's leave    exchange with a                    container
 *                                                   Route, or
 *                                                   refuses it
 *
 *        ─► UpstreamCall ─► HttpClient ─► UpstreamEndPoint ─► upstream ─► ResponsePump ─► Http1Response ─► client
 *           one request     pools         writes the                      reads what      writes head
 *                           connections   exact head                      has arrived     and pieces
 * </pre>
 *
 * <p>In HTTP/2 {@link Http2EndPoint} and {@link Http2Response} stand for the client's side, {@link Http2Call} and
 * {@link Http2Pool} for the upstream's. TLS towards clients comes behind the connector, if it is set ({@link
 * ClientTlsFactory}).
 *
 * <p>What {@link TunnelHandler} has taken connects by itself, and a {@link Tunnel} moves the bytes. A request whose upgrade the
 * upstream agrees to becomes a tunnel at its end, too.
 *
 * <p>Nothing on this path blocks, and everything is declared so: a selector thread reads, forwards and writes without
 * waking another.
 */
final class ProxyServer {

    private static final Logger logger = LoggerFactory.getLogger(ProxyServer.class);
    /** How long a client may take, while the proxy drains, between one request and the next. */
    private static final Duration DRAIN_QUIET = Duration.ofSeconds(1);

    private static final int INPUT_BUFFER_BYTES = 16 * 1024;
    /**
     * More than a TLS record can hold. Jetty would raise a smaller size to just that: {@link InputBuffers} would not know it
     * for an input buffer, and each record would be copied.
     */
    static final int TLS_INPUT_BUFFER_BYTES = 17 * 1024;

    private final Server server;
    private final ListeningConnector connector;
    private final @Nullable ClientTls tls;
    private final @Nullable Http2ConnectionFactory http2;
    private final HttpConfiguration http1Settings;
    private final NetworkConnectionLimit connectionLimit;
    private final StreamingServlet servlet;
    private final StreamHandler streamHandler;
    private final ConnectionWatch connectionWatch;
    private volatile Terms terms;

    ProxyServer(
            ProxyConfig config,
            ExchangeListener listener,
            TraceFields traceFields,
            Counters counters,
            BooleanSupplier isDraining) {
        OutboundAddresses outbound = new OutboundAddresses();
        server = newServer();
        terms = Terms.of(config, server);
        tls = config.listen()
                .tls()
                .map(settings -> ClientTls.of(settings, config.listen().http2()))
                .orElse(null);
        http1Settings = httpConfiguration(config);
        http2 = config.listen().http2() ? new Http2ConnectionFactory(httpConfiguration(config)) : null;
        connector = newConnector(config);
        connectionWatch = new ConnectionWatch(connector);
        ResetProbe resetProbe = new ResetProbe();
        CheckedAddresses addresses = new CheckedAddresses(UpstreamClient.resolver(this::terms, server), this::isOwn);
        Tunnels tunnels = new Tunnels(server.getThreadPool(), server.getByteBufferPool(), outbound, resetProbe);
        servlet = new StreamingServlet(
                this::terms, server, connector.getSelectorManager(), outbound, addresses, tunnels, counters);
        TunnelHandler tunnelHandler = new TunnelHandler(
                new ForwardHandler(newServlets(servlet), servlet), servlet::connector, addresses, tunnels);
        streamHandler = new StreamHandler(
                tunnelHandler, listener, traceFields, counters, outbound, this::terms, resetProbe, isDraining);
        connectionLimit = new NetworkConnectionLimit(config.limits().connections(), connector);
        server.addConnector(connector);
        server.addBean(connectionLimit);
        server.setHandler(streamHandler);
        server.setRequestLog(streamHandler::onJettyEnd);
        server.addBean(new Ticker(server.getScheduler(), this::tick));
        adjust(config);
    }

    private boolean isOwn(InetSocketAddress address) {
        return OwnAddress.isReachedAt(address, address());
    }

    void start() throws Exception {
        server.start();
    }

    /** What requests that come now are taken on. */
    Terms terms() {
        return terms;
    }

    /**
     * Takes requests on other settings from now on. Not for several threads at once.
     *
     * @param config differs only in what may change while the proxy runs
     * @throws RuntimeException if they cannot be used; then nothing has changed
     */
    void change(ProxyConfig config) {
        Terms before = terms;
        Terms next = before.changedTo(config);
        next.upstreams().prepareFor(config);
        boolean isReconnecting = next.upstreams() != before.upstreams();
        if (isReconnecting) {
            servlet.open(next.upstreams());
        }
        if (!before.config().listen().tls().equals(config.listen().tls())) {
            Objects.requireNonNull(tls).renew(config.listen().tls().orElseThrow());
        }
        // Nothing can fail any more.
        adjust(config);
        servlet.adjustClient(config);
        terms = next;
        if (isReconnecting) {
            servlet.retire(before.upstreams());
        }
    }

    /** What Jetty asks for on its own, for each connection to come. */
    private void adjust(ProxyConfig config) {
        connector.setIdleTimeout(millisOrForever(config.timeouts().clientIdle()));
        connectionLimit.setMaxNetworkConnectionCount(config.limits().connections());
        limitHeads(config.limits().headerBytes());
    }

    private void limitHeads(int headerBytes) {
        http1Settings.setRequestHeaderSize(headerBytes);
        if (http2 != null) {
            http2.limitHeads(headerBytes);
        }
    }

    /** Accepts no more connections. Those that are open stay while they are in use; clients in HTTP/2 are told (GOAWAY). */
    void stopListening() {
        try {
            stopListening(DRAIN_QUIET);
        } catch (IOException e) {
            logger.warn("connections that waited to be accepted are lost", e);
        }
    }

    private Future<Void> stopListening(Duration quiet) throws IOException {
        connectionWatch.closeQuietOnes(quiet);
        try {
            return connector.stopListening();
        } finally {
            if (http2 != null) {
                http2.shutdownSessions();
            }
        }
    }

    /**
     * Accepts no more connections but those that wait already, and serves on those that are open until their clients have
     * left them; each response asks for that.
     *
     * @param quiet how long a connection must have been idle to be closed from here
     * @return whether all have left in time
     */
    boolean handOver(Duration timeout, Duration quiet) {
        try {
            stopListening(quiet).get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException | ExecutionException e) {
            logger.warn("the port was not handed over cleanly", e);
            return false;
        }
    }

    /** Stops within a moment, also on a thread that is interrupted; it stays so. */
    void stop() {
        // Jetty would leave threads and sockets behind.
        boolean wasInterrupted = Thread.interrupted();
        try {
            server.stop();
        } catch (Exception e) {
            logger.warn("the server did not stop cleanly", e);
            wasInterrupted |= e instanceof InterruptedException;
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    InetSocketAddress address() {
        return connector.address();
    }

    /** Those that are kept alive for requests to come; those on other terms than these are not. */
    int idleUpstreamConnections() {
        return servlet.idleConnections(terms.upstreams());
    }

    InFlight inFlight() {
        return streamHandler.inFlight();
    }

    private void tick() {
        inFlight().tick();
        connectionWatch.tick(terms.config().timeouts().header());
    }

    private static Server newServer() {
        Server server = new Server(new ServerThreads());
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(0);
        // Nobody is to wait in the queue of a socket while all else starts: beside a predecessor, each second one
        // would.
        server.setOpenEarly(false);
        return server;
    }

    private ListeningConnector newConnector(ProxyConfig config) {
        ConnectionFactory http = new ClientConnectionFactory(http1Settings);
        ConnectionFactory first = tls == null ? null : new ClientTlsFactory(tls, this::onPlainHttp);
        ConnectionFactory[] factories =
                Stream.of(first, http, http2).filter(Objects::nonNull).toArray(ConnectionFactory[]::new);
        InputBuffers buffers = new InputBuffers(server.getByteBufferPool(), inputBufferBytes(config));
        ListeningConnector newConnector = new ListeningConnector(server, buffers, config.listen(), factories);
        return newConnector;
    }

    private void onPlainHttp(EndPoint client) {
        streamHandler.onPlainHttp(client.getRemoteSocketAddress());
    }

    private static HttpConfiguration httpConfiguration(ProxyConfig config) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        // Values are compared with what was on the wire.
        http.setHeaderCacheCaseSensitive(true);
        http.setInputBufferSize(inputBufferBytes(config));
        // Targets go on untouched; what they mean is the upstream's business.
        http.setUriCompliance(UriCompliance.UNSAFE);
        // Nothing that two parsers could read in two ways; but an absolute-form target counts more than Host
        // (RFC 9112 §3.2.2).
        http.setHttpCompliance(HttpCompliance.STRICT.with("proxy", Violation.MISMATCHED_AUTHORITY));
        return http;
    }

    private static int inputBufferBytes(ProxyConfig config) {
        return config.listen().tls().isPresent() ? TLS_INPUT_BUFFER_BYTES : INPUT_BUFFER_BYTES;
    }

    private static ServletContextHandler newServlets(StreamingServlet servlet) {
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder("forward", servlet);
        holder.setAsyncSupported(true);
        holder.setInitOrder(1);
        holder.setInitParameter("timeout", "0");
        holder.setInitParameter("idleTimeout", "30000");
        context.addServlet(holder, "/*");
        return context;
    }

    private static long millisOrForever(Duration timeout) {
        return timeout.isZero() ? -1 : timeout.toMillis();
    }

    private static final class ClientConnectionFactory extends HttpConnectionFactory {
        ClientConnectionFactory(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return super.newConnection(connector, new ClientEndPoint(endPoint, connector.getExecutor()));
        }
    }
}
