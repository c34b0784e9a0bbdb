package dev.aiproxy.internal;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;

/**
 * One end of a tunnel.
 *
 * @param endPoint where its bytes are read and written, above TLS if there is any
 */
record TunnelEnd(EndPoint endPoint) {

    /** The socket under it. */
    SocketChannel socket() {
        return (SocketChannel) bottom().getTransport();
    }

    private EndPoint bottom() {
        EndPoint bottom = endPoint;
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        return bottom;
    }

    /** Whether a read that found an end met a reset in truth; with TLS, a read tells by itself. */
    boolean isEndAReset() {
        return !(endPoint instanceof EndPoint.Wrapper) && isReset();
    }

    /** Whether the peer has reset it; told only as long as this side may still write. */
    boolean isReset() {
        // With both directions shut, the end looks like a reset to the operating system.
        return !endPoint.isOutputShutdown() && ResetProbe.isReset(socket());
    }

    /** Closes it so that the peer does not take it for a regular end. */
    void reset(Throwable cause) {
        try {
            socket().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException closedAlready) {
            // Then there is nothing to reset.
        }
        bottom().close(cause);
    }
}
