package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/** What Jetty sees on a connection to the upstream that is one end of a tunnel; the {@link Tunnel} does the work. */
final class TunnelConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {

    private final Consumer<TunnelConnection> onOpen;
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    TunnelConnection(EndPoint endPoint, Executor executor, Consumer<TunnelConnection> onOpen) {
        super(endPoint, executor);
        this.onOpen = onOpen;
    }

    /** Jetty's HTTP client, or the handshake with a proxy, had read this when the connection became one end of a tunnel. */
    @Override
    public void onUpgradeTo(ByteBuffer read) {
        early = read;
    }

    /** What came before there was a tunnel. */
    ByteBuffer early() {
        return early;
    }

    @Override
    public void onOpen() {
        // Silence is the tunnel's business.
        getEndPoint().setIdleTimeout(0);
        super.onOpen();
        onOpen.accept(this);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    @Override
    public void onFillable() {
        throw new IllegalStateException("only a tunnel reads here");
    }
}
