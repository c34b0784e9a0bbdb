package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * TCP by way of an upstream proxy. To jetty-client it is one more way to carry bytes, such as a Unix domain socket: it is
 * part of an {@code Origin}, so what takes different ways has different pools, and everything above knows nothing of it.
 *
 * <p>Connections are made to the proxy's address, with TLS if it wants that; then there is a {@link ProxyHandshake} if it is
 * to make a tunnel.
 */
final class ProxyTransport extends Transport.Wrapper {

    /** Host and port of the upstream, for an attempt to connect that is not jetty-client's. */
    static final String UPSTREAM_CONTEXT_KEY = ProxyTransport.class.getName() + ".upstream";

    private final ProxyConfig.UpstreamProxy proxy;
    private final boolean isTunnel;
    private final Server server;
    private final SslContextFactory.@Nullable Client tls;
    private final Duration connectTimeout;

    /**
     * A way through a proxy.
     *
     * @param isTunnel whether the proxy is to let bytes through; else it is sent requests in absolute-form
     * @param tls what makes the connection to the proxy itself secure; nothing if it is not
     */
    ProxyTransport(
            ProxyConfig.UpstreamProxy proxy,
            boolean isTunnel,
            Server server,
            SslContextFactory.@Nullable Client tls,
            Duration connectTimeout) {
        super(Transport.TCP_IP);
        this.proxy = proxy;
        this.isTunnel = isTunnel;
        this.server = server;
        this.tls = tls;
        this.connectTimeout = connectTimeout;
    }

    /** The proxy on the way of a transport, if it has one. */
    static @Nullable ProxyTransport of(@Nullable Transport transport) {
        return transport instanceof ProxyTransport through ? through : null;
    }

    String host() {
        return proxy.host();
    }

    int port() {
        return proxy.port();
    }

    boolean isTunnel() {
        return isTunnel;
    }

    /** Whether the connection to the proxy itself begins with a handshake of TLS. */
    boolean isSecure() {
        return tls != null;
    }

    /** What a request in absolute-form has for the proxy. */
    @Nullable
    String authorization() {
        return proxy.login().map(ConnectDialogue::basic).orElse(null);
    }

    @Override
    public void connect(SocketAddress address, Map<String, Object> context) {
        @SuppressWarnings("unchecked") // This is what the key stands for.
        Promise<Connection> promise = (Promise<Connection>)
                Objects.requireNonNull(context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY));
        context.put(
                ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
                Promise.from(promise::succeeded, cause -> promise.failed(UpstreamProxyException.of(cause))));
        super.connect(address, context);
    }

    @Override
    public Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
        ClientConnectionFactory toUpstream = super::newConnection;
        ClientConnectionFactory toProxy =
                isTunnel ? (proxyEnd, same) -> newHandshake(proxyEnd, same, toUpstream) : toUpstream;
        if (tls == null) {
            return toProxy.newConnection(endPoint, context);
        }
        return new SslClientConnectionFactory(tls, server.getByteBufferPool(), server.getThreadPool(), toProxy)
                .newConnection(endPoint, context);
    }

    private ProxyHandshake newHandshake(EndPoint endPoint, Map<String, Object> context, ClientConnectionFactory next) {
        Authority upstream = upstreamOf(context);
        ProxyDialogue dialogue = proxy.protocol() == ProxyConfig.UpstreamProxy.Protocol.SOCKS5
                ? new SocksDialogue(upstream, proxy.login())
                : new ConnectDialogue(upstream, proxy.login());
        ProxyHandshake handshake =
                new ProxyHandshake(endPoint, server.getThreadPool(), dialogue, upstream, next, context);
        context.put(ProxyHandshake.CONTEXT_KEY, handshake);
        handshake.startClock(server.getScheduler(), connectTimeout);
        return handshake;
    }

    private static Authority upstreamOf(Map<String, Object> context) {
        if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination) {
            Origin.Address address = destination.getOrigin().getAddress();
            return new Authority(address.getHost(), address.getPort());
        }
        return (Authority) Objects.requireNonNull(context.get(UPSTREAM_CONTEXT_KEY));
    }

    @Override
    public String toString() {
        return proxy + (isTunnel ? " (tunnel)" : "");
    }
}
