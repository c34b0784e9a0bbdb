package dev.aiproxy.internal;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The requests for one upstream, and the connections that carry them. One connection that fails costs one request;
 * jetty-client would fail all that wait.
 */
final class UpstreamDestination extends HttpDestination {

    private final SslContextFactory.Client othersTls;

    UpstreamDestination(HttpClient client, Origin origin, SslContextFactory.Client othersTls) {
        super(client, origin);
        this.othersTls = othersTls;
    }

    @Override
    public SslContextFactory.@Nullable Client resolveSslContextFactory() {
        // Only what is not the proxy's own target has a tag.
        return isSecure() && getOrigin().getTag() != null ? othersTls : super.resolveSslContextFactory();
    }

    @Override
    public void release(Connection connection) {
        ((UpstreamEndPoint) ((AbstractConnection) connection).getEndPoint()).callEnds();
        super.release(connection);
    }

    @Override
    public void failed(Throwable cause) {
        HttpExchange oldest = getHttpExchanges().peek();
        if (oldest != null) {
            oldest.getRequest().abort(cause);
        }
        // The others go on waiting, for another connection if need be.
        send();
    }
}
