package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;

/**
 * A client and an upstream joined: what comes from one goes to the other as it is. Each direction ends by itself; the
 * tunnel is over when both have. A reset, or anything else that breaks it, is passed on as a reset, since nobody here knows
 * what the ends would take for a whole message.
 */
final class Tunnel implements UpstreamHalf {

    private final ProxyExchange exchange;
    private final TunnelConnection connection;
    private final TunnelEnd client;
    private final TunnelEnd upstream;
    private final ResetProbe resetProbe;
    private final Duration idleLimit;
    private final TunnelFlow toUpstream;
    private final TunnelFlow toClient;
    private final AtomicInteger flows = new AtomicInteger(2);
    private volatile long lastActiveAt = System.nanoTime();

    /**
     * Joins the two ends of an exchange, but moves nothing yet.
     *
     * @param connection the upstream's end
     * @param resetProbe asked on the ticker's thread only
     */
    Tunnel(ProxyExchange exchange, TunnelConnection connection, ByteBufferPool pool, ResetProbe resetProbe) {
        this.exchange = exchange;
        this.connection = connection;
        this.client = exchange.response().tunnelEnd();
        this.upstream = new SocketTunnelEnd(belowHttp(connection));
        this.resetProbe = resetProbe;
        this.idleLimit = exchange.terms().config().timeouts().streamIdle();
        this.toUpstream = new TunnelFlow(client, upstream, pool, this::onClientBytes, this);
        this.toClient = new TunnelFlow(upstream, client, pool, this::onUpstreamBytes, this);
    }

    private static EndPoint belowHttp(TunnelConnection connection) {
        return connection.getEndPoint() instanceof UpstreamEndPoint http ? http.unwrap() : connection.getEndPoint();
    }

    /** The client has been told: everything from now on goes through. */
    @Override
    public void send() {
        ByteBuffer readBefore = exchange.response().takeConnection();
        client.open(() -> exchange.fail(Failure.CLIENT_GONE, new IOException("client left the tunnel")));
        toClient.start(connection.early());
        toUpstream.start(readBefore);
    }

    private void onClientBytes(long count) {
        lastActiveAt = System.nanoTime();
        exchange.onRequestBytes(count);
    }

    private void onUpstreamBytes(long count) {
        lastActiveAt = System.nanoTime();
        exchange.onResponseBytes(count);
    }

    /** One direction has come to its regular end, which has been passed on. */
    void onFlowEnd() {
        if (flows.decrementAndGet() == 0) {
            connection.close();
            exchange.onTunnelEnd();
        }
    }

    void onFlowFailed(TunnelFlow flow, Throwable cause) {
        TunnelEnd broken = flow.isWriting() ? flow.sink() : flow.source();
        exchange.fail(broken == client ? Failure.CLIENT_GONE : Failure.UPSTREAM_CUT, cause);
    }

    @Override
    public void abort(Throwable cause) {
        upstream.reset(cause);
    }

    @Override
    public boolean isWriting() {
        return false;
    }

    @Override
    public boolean isRequestRead() {
        return false;
    }

    @Override
    public boolean isRequestStalled() {
        // It looks after both its ends by itself.
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
        if (!idleLimit.isZero() && now - lastActiveAt > idleLimit.toNanos()) {
            exchange.fail(Failure.UPSTREAM_IDLE_TIMEOUT, new TimeoutException("tunnel idle"));
            return;
        }
        watchIfUnread(toUpstream, Failure.CLIENT_GONE);
        watchIfUnread(toClient, Failure.UPSTREAM_CUT);
    }

    /** While its bytes cannot go on, nobody reads from an end, and its reset would not be seen. */
    private void watchIfUnread(TunnelFlow flow, Failure failure) {
        if (flow.isWriting()) {
            flow.source().watch(resetProbe, () -> exchange.fail(failure, new IOException("connection reset by peer")));
        }
    }
}
