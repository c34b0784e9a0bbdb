package dev.aiproxy.internal;

import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;

/** The connections to one upstream, each for one request after another until the {@link Upstreams} they belong to retire. */
final class UpstreamPool extends AbstractConnectionPool {

    private final Upstreams upstreams;

    UpstreamPool(Destination destination) {
        super(destination, () -> new StackPool<>(destination.getHttpClient().getMaxConnectionsPerDestination()), 1);
        this.upstreams = Upstreams.Tag.of(destination.getOrigin()).upstreams();
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
