package dev.aiproxy.internal;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;

/** The upstream half of a {@code CONNECT} until there is a connection: looks the name up and tries its addresses in turn. */
final class ConnectCall implements UpstreamHalf {

    private final ProxyExchange exchange;
    private final ClientConnector connector;
    private final CheckedAddresses addresses;
    private final Transport transport;
    private final Tunnels tunnels;
    private final Duration connectTimeout;
    private final long createdAt = System.nanoTime();
    private volatile Map<String, Object> attempt = Map.of();
    private volatile boolean isAborted;

    ConnectCall(ProxyExchange exchange, ClientConnector connector, CheckedAddresses addresses, Tunnels tunnels) {
        this.exchange = exchange;
        this.connector = connector;
        this.addresses = addresses;
        this.transport = exchange.terms().upstreams().routes().ofTunnel(exchange.target());
        this.tunnels = tunnels;
        this.connectTimeout = exchange.terms().config().timeouts().connect();
    }

    @Override
    public void send() {
        addresses.resolve(exchange.target(), transport, Promise.from(found -> connect(found, 0), this::onFailed));
    }

    private void connect(List<InetSocketAddress> found, int number) {
        if (isAborted) {
            return;
        }
        ClientConnectionFactory factory = (endPoint, same) -> tunnels.newConnection(endPoint, this::onConnected);
        Promise<Connection> promise = Promise.from(connection -> {}, cause -> onConnectFailed(found, number, cause));
        Map<String, Object> context = new ConcurrentHashMap<>();
        context.put(Transport.CONTEXT_KEY, transport);
        context.put(ClientConnector.CONTEXT_KEY, connector);
        context.put(ClientConnectionFactory.CONTEXT_KEY, factory);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, promise);
        context.put(
                ProxyTransport.UPSTREAM_CONTEXT_KEY,
                new Authority(
                        exchange.target().uri().getHost(),
                        exchange.target().uri().getPort()));
        attempt = context;
        transport.connect(found.get(number), context);
    }

    private void onConnected(TunnelConnection connection) {
        if (isAborted) {
            connection.close();
            return;
        }
        // RFC 9110 §9.3.6: neither length nor coding; the tunnel begins behind the empty line.
        HeadWriter head = new HeadWriter().text("HTTP/1.1 200 Connection Established\r\n\r\n");
        exchange.openTunnel(200, head, tunnels.join(exchange, connection));
    }

    private void onConnectFailed(List<InetSocketAddress> found, int number, Throwable cause) {
        if (number + 1 < found.size()) {
            connect(found, number + 1);
        } else {
            onFailed(cause);
        }
    }

    private void onFailed(Throwable cause) {
        exchange.fail(FailureMapping.of(cause, FailureMapping.Phase.CONNECTING), cause);
    }

    @Override
    public void abort(Throwable cause) {
        // A connection that still comes about is closed at once; Jetty gives up the others in time.
        isAborted = true;
        if (attempt.get(ProxyHandshake.CONTEXT_KEY) instanceof ProxyHandshake handshake) {
            handshake.fail(cause);
        }
    }

    @Override
    public boolean isWriting() {
        return false;
    }

    @Override
    public boolean isRequestRead() {
        return true;
    }

    @Override
    public boolean isRequestStalled() {
        return false;
    }

    @Override
    public boolean drainRequest(Runnable whenDone) {
        return false;
    }

    @Override
    public boolean awaitsTick() {
        return true;
    }

    @Override
    public void onTick(long now) {
        if (!connectTimeout.isZero() && now - createdAt > connectTimeout.toNanos()) {
            Failure failure = ProxyTransport.of(transport) == null
                    ? Failure.UPSTREAM_CONNECT_TIMEOUT
                    : Failure.UPSTREAM_PROXY_TIMEOUT;
            exchange.fail(failure, new TimeoutException("no connection in time"));
        }
    }
}
