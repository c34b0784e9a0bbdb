package dev.aiproxy.internal;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The requests for one upstream, and the connections that carry them. One connection that fails costs one request that has
 * waited for it; jetty-client would fail all that wait.
 */
final class UpstreamDestination extends HttpDestination {

    /** When the attempt to connect began that is failing now, on the thread that tells of it. */
    private final ThreadLocal<Long> failingAttempt = new ThreadLocal<>();

    UpstreamDestination(HttpClient client, Origin origin) {
        super(client, origin);
    }

    @Override
    public SslContextFactory.@Nullable Client resolveSslContextFactory() {
        return isSecure() ? Upstreams.Tag.of(getOrigin()).tls() : null;
    }

    @Override
    public void release(Connection connection) {
        ((UpstreamEndPoint) ((AbstractConnection) connection).getEndPoint()).callEnds();
        super.release(connection);
    }

    @Override
    protected void createConnection(Promise<Connection> promise) {
        super.createConnection(new Attempt(promise));
    }

    @Override
    public void failed(Throwable cause) {
        HttpExchange oldest = getHttpExchanges().peek();
        if (oldest != null && hasWaited(oldest.getRequest())) {
            oldest.getRequest().abort(cause);
        }
        // The others go on waiting, for another connection if need be.
        send();
    }

    /** Whether a request is older than the attempt: to a later one, an upstream that was away is back, maybe. */
    private boolean hasWaited(Request request) {
        Long beganAt = failingAttempt.get();
        return beganAt == null || UpstreamRequest.callOf(request).attemptedAt() - beganAt <= 0;
    }

    private final class Attempt extends Promise.Wrapper<Connection> {
        private final long beganAt = System.nanoTime();

        Attempt(Promise<Connection> promise) {
            super(promise);
        }

        @Override
        public void failed(Throwable cause) {
            failingAttempt.set(beganAt);
            try {
                super.failed(cause);
            } finally {
                failingAttempt.remove();
            }
        }
    }
}
