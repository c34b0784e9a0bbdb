package dev.aiproxy.internal;

import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.Pool;

/** The connections to one upstream, each for one request after another until the {@link Upstreams} they belong to retire. */
final class UpstreamPool extends AbstractConnectionPool {

    private final Upstreams upstreams;

    UpstreamPool(Destination destination) {
        super(destination, () -> newPool(destination.getHttpClient().getMaxConnectionsPerDestination()), 1);
        this.upstreams = Upstreams.Tag.of(destination.getOrigin()).upstreams();
    }

    /** Rather a connection at the selector that the request comes from: then no other thread has to be woken up. */
    private static Pool<Connection> newPool(int maxSize) {
        return new StackPool<>(maxSize, UpstreamPool::selectorOf, SelectorWork::selector);
    }

    private static ManagedSelector selectorOf(Connection connection) {
        EndPoint endPoint = ((org.eclipse.jetty.io.Connection) connection).getEndPoint();
        return ((UpstreamSocket) ((UpstreamEndPoint) endPoint).bottom()).selector();
    }

    @Override
    public boolean release(Connection connection) {
        boolean isKept = super.release(connection);
        closeIdleIfRetired();
        return isKept;
    }

    /** There is a new connection, which nobody may want any more. */
    @Override
    protected void proceed() {
        super.proceed();
        closeIdleIfRetired();
    }

    // Behind the release: whoever retires them meanwhile finds the connection idle, or else this does.
    private void closeIdleIfRetired() {
        if (upstreams.isRetired()) {
            closeIdle();
        }
    }

    void closeIdle() {
        // Taken like for a request, so that no request can be on it.
        for (Connection idle = activate(); idle != null; idle = activate()) {
            remove(idle);
            idle.close();
        }
    }
}
