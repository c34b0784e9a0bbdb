package dev.aiproxy.internal;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;

/**
 * An end of a tunnel that is a whole connection.
 *
 * @param endPoint see {@link TunnelEnd#endPoint}
 */
record SocketTunnelEnd(EndPoint endPoint) implements TunnelEnd {

    @Override
    public void open(Runnable broken) {
        // Reads tell, and else the watch.
    }

    private SocketChannel socket() {
        return (SocketChannel) bottom().getTransport();
    }

    private EndPoint bottom() {
        EndPoint bottom = endPoint;
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        return bottom;
    }

    @Override
    public boolean isEndAReset() {
        // With TLS, a read tells by itself.
        return !(endPoint instanceof EndPoint.Wrapper) && isReset();
    }

    /** Whether the peer has reset it; told only as long as this side may still write. */
    private boolean isReset() {
        // With both directions shut, the end looks like a reset to the operating system.
        return !endPoint.isOutputShutdown() && ResetProbe.isReset(socket());
    }

    @Override
    public void watch(ResetProbe resetProbe, Runnable broken) {
        if (!endPoint.isOutputShutdown()) {
            resetProbe.watch(socket(), () -> {
                if (isReset()) {
                    broken.run();
                }
            });
        }
    }

    @Override
    public void reset(Throwable cause) {
        try {
            socket().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException closedAlready) {
            // Then there is nothing to reset.
        }
        bottom().close(cause);
    }
}
