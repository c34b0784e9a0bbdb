package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import dev.aiproxy.TargetHttpVersion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections to upstreams that are made on the same terms. jetty-client keeps those of others apart by their tag, and
 * once these are retired, they end with the exchanges that use them.
 */
final class Upstreams {

    private final ProxyConfig config;
    private final Server server;
    private final UpstreamTls.Context ownTls;
    private final UpstreamTls.Context othersTls;
    private final UpstreamRoutes routes;
    private final Map<Target.Reach, Tag> tags = new EnumMap<>(Target.Reach.class);
    private volatile @Nullable Http2Upstream http2;
    private volatile boolean isRetired;

    private Upstreams(ProxyConfig config, Server server, UpstreamTls.Context ownTls, UpstreamTls.Context othersTls) {
        this.config = config;
        this.server = server;
        this.ownTls = ownTls;
        this.othersTls = othersTls;
        this.routes = UpstreamRoutes.of(config, server, othersTls);
        for (Target.Reach reach : Target.Reach.values()) {
            tags.put(reach, new Tag(this, reach));
        }
    }

    static Upstreams of(ProxyConfig config, Server server) {
        UpstreamTls.Context own = UpstreamTls.of(config);
        // Whatever is not checked of the target's certificate, others' are.
        UpstreamTls.Context others = UpstreamTls.isForAll(config) ? own : UpstreamTls.verified(config);
        return new Upstreams(config, server, own, others);
    }

    /**
     * What tells jetty-client which connections a request may use: one made for a host that is named is not used for a
     * wildcard's either.
     */
    record Tag(Upstreams upstreams, Target.Reach reach) {

        static Tag of(Origin origin) {
            return (Tag) origin.getTag();
        }

        SslContextFactory.Client tls() {
            return reach == Target.Reach.OWN ? upstreams.ownTls : upstreams.othersTls;
        }
    }

    Tag tag(Target.Reach reach) {
        return Objects.requireNonNull(tags.get(reach));
    }

    /** Which way its connections take. */
    UpstreamRoutes routes() {
        return routes;
    }

    /**
     * Prepares for HTTP/2, if it may be spoken.
     *
     * @param http1 the client for HTTP/1.1, started
     */
    void openHttp2(
            HttpClient http1, ClientConnector connector, OutboundAddresses outbound, CheckedAddresses addresses) {
        if (config.targetHttpVersion() != TargetHttpVersion.HTTP_1_1) {
            http2 = Http2Upstream.of(config, http1, connector, outbound, addresses, routes);
        }
    }

    /** HTTP/2 to the own target; nothing if HTTP/1.1 is all that is spoken. */
    @Nullable
    Http2Upstream http2() {
        return http2;
    }

    UpstreamTls.Context ownTls() {
        return ownTls;
    }

    UpstreamTls.Context othersTls() {
        return othersTls;
    }

    /**
     * Reads whom to trust, if any upstream of these settings is reached by TLS; the first of a proxy are started with its
     * HTTP client.
     *
     * @throws RuntimeException if that cannot be used
     */
    void prepareFor(ProxyConfig settings) {
        for (UpstreamTls.Context tls : List.of(ownTls, othersTls)) {
            LifeCycle.start(tls);
            if (UpstreamTls.isNeeded(settings)) {
                tls.ready();
            }
        }
    }

    /** The upstreams for other settings: this object, unless its connections do not fit them. */
    Upstreams changedTo(ProxyConfig changed) {
        if (serve(changed)) {
            return this;
        }
        boolean isTrustKept = config.targetTls().equals(changed.targetTls());
        return isTrustKept ? new Upstreams(changed, server, ownTls, othersTls) : of(changed, server);
    }

    private boolean serve(ProxyConfig other) {
        return config.target().equals(other.target())
                && config.targetHttpVersion() == other.targetHttpVersion()
                && config.targetTls().equals(other.targetTls())
                && config.upstreamProxy().equals(other.upstreamProxy())
                && (config.upstreamProxy().isEmpty() && config.targetHttpVersion() == TargetHttpVersion.HTTP_1_1
                        || config.timeouts().connect().equals(other.timeouts().connect()))
                && config.limits().headerBytes() == other.limits().headerBytes()
                && config.limits().streams() == other.limits().streams();
    }

    /** How many connections wait for a request to come; for HTTP/1.1, those on other terms are among them. */
    int idleConnections(HttpClient client) {
        Http2Upstream second = http2;
        int idle = second == null ? 0 : second.idleConnections();
        for (Destination destination : client.getDestinations()) {
            idle += ((UpstreamPool) destination.getConnectionPool()).getIdleConnectionCount();
        }
        return idle;
    }

    boolean isRetired() {
        return isRetired;
    }

    /** Closes the connections that are idle, and sees to it that the others are closed as soon as they would be. */
    void retire(HttpClient client) {
        isRetired = true;
        Http2Upstream retired = http2;
        if (retired != null) {
            retired.retire(client);
        }
        for (Destination destination : client.getDestinations()) {
            if (Tag.of(destination.getOrigin()).upstreams() == this) {
                ((UpstreamPool) destination.getConnectionPool()).closeIdle();
            }
        }
    }
}
