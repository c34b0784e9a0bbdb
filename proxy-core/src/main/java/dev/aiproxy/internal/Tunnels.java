package dev.aiproxy.internal;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;

/** Makes tunnels; what all of them share. */
final class Tunnels {

    private final Executor executor;
    private final ByteBufferPool pool;
    private final OutboundAddresses outbound;
    private final ResetProbe resetProbe;

    Tunnels(Executor executor, ByteBufferPool pool, OutboundAddresses outbound, ResetProbe resetProbe) {
        this.executor = executor;
        this.pool = pool;
        this.outbound = outbound;
        this.resetProbe = resetProbe;
    }

    /**
     * The upstream's end of a tunnel to be; it counts as one of the proxy's own connections.
     *
     * @param onOpen told as soon as bytes may go through
     */
    TunnelConnection newConnection(EndPoint endPoint, Consumer<TunnelConnection> onOpen) {
        TunnelConnection connection = new TunnelConnection(endPoint, executor, onOpen);
        connection.addEventListener(outbound);
        return connection;
    }

    Tunnel join(ProxyExchange exchange, TunnelConnection connection) {
        return new Tunnel(exchange, connection, pool, resetProbe);
    }
}
