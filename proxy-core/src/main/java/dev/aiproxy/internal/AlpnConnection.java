package dev.aiproxy.internal;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the upstream from its first byte to the end of its TLS handshake, when it is known which protocol it
 * speaks (RFC 7301). The JDK's own ALPN does it; Jetty's would want a module of its own found as a service.
 */
final class AlpnConnection extends AbstractConnection.NonBlocking {

    private final SSLEngine engine;
    private final Consumer<String> onAgreed;
    private final Consumer<Throwable> onFailed;

    /**
     * Prepares it.
     *
     * @param onAgreed is told the protocol, empty if the upstream has chosen none, and takes the endpoint over
     * @param onFailed is told why there will be no connection, which is closed then
     */
    AlpnConnection(
            EndPoint endPoint,
            Executor executor,
            SSLEngine engine,
            Consumer<String> onAgreed,
            Consumer<Throwable> onFailed) {
        super(endPoint, executor);
        this.engine = engine;
        this.onAgreed = onAgreed;
        this.onFailed = onFailed;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        try {
            getEndPoint().flush(BufferUtil.EMPTY_BUFFER);
            goOn();
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void onFillable() {
        try {
            goOn();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void goOn() throws IOException {
        while (true) {
            // Nothing is filled: what comes behind the handshake is for the connection that follows.
            int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
            String protocol = agreed();
            if (protocol != null) {
                onAgreed.accept(protocol);
                return;
            }
            if (filled < 0) {
                throw new SSLHandshakeException("closed by the upstream during the handshake");
            }
            if (filled == 0) {
                fillInterested();
                return;
            }
        }
    }

    /** The protocol; null before the end of the handshake, for until then nobody has vouched for it. */
    private @Nullable String agreed() {
        boolean isOver = engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
        return isOver ? engine.getApplicationProtocol() : null;
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        fail(cause);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        fail(timeout);
        return false;
    }

    private void fail(Throwable cause) {
        getEndPoint().close(cause);
        onFailed.accept(cause);
    }
}
