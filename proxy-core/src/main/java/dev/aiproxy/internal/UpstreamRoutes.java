package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Which way connections to an upstream take: directly, or through a proxy. */
final class UpstreamRoutes {

    private final ProxyConfig.@Nullable UpstreamProxy proxy;
    private final Transport tunnel;
    private final Transport absoluteForm;

    private UpstreamRoutes(ProxyConfig.@Nullable UpstreamProxy proxy, Transport tunnel, Transport absoluteForm) {
        this.proxy = proxy;
        this.tunnel = tunnel;
        this.absoluteForm = absoluteForm;
    }

    /**
     * The ways that the settings ask for.
     *
     * @param server whose threads, timers and buffers they share
     * @param othersTls for a proxy that is spoken to in TLS: it sees no certificate of ours, and whatever is not checked of
     *     the target's, its own is
     */
    static UpstreamRoutes of(ProxyConfig config, Server server, SslContextFactory.Client othersTls) {
        ProxyConfig.UpstreamProxy proxy = config.upstreamProxy().orElse(null);
        if (proxy == null) {
            return new UpstreamRoutes(null, Transport.TCP_IP, Transport.TCP_IP);
        }
        SslContextFactory.Client tls = proxy.protocol() == ProxyConfig.UpstreamProxy.Protocol.HTTPS ? othersTls : null;
        Transport tunnel =
                new ProxyTransport(proxy, true, server, tls, config.timeouts().connect());
        boolean isSocks = proxy.protocol() == ProxyConfig.UpstreamProxy.Protocol.SOCKS5;
        Transport absoluteForm = isSocks
                ? tunnel
                : new ProxyTransport(
                        proxy, false, server, tls, config.timeouts().connect());
        return new UpstreamRoutes(proxy, tunnel, absoluteForm);
    }

    /** The way of a request. */
    Transport of(Target target, boolean isUpgrade) {
        // RFC 6455 §4.1: a proxy lets WebSocket through in a tunnel, and has no business with other upgrades either.
        return target.isSecure() || isUpgrade ? ofTunnel(target) : through(target, absoluteForm);
    }

    /** The way of bytes that are nobody's business. */
    Transport ofTunnel(Target target) {
        return through(target, tunnel);
    }

    private Transport through(Target target, Transport transport) {
        boolean isDirect = proxy == null
                || !proxy.isFor(target.uri().getHost(), target.uri().getPort());
        return isDirect ? Transport.TCP_IP : transport;
    }
}
