package dev.aiproxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/**
 * Whether two proxies may listen on one port at once, so that one can take over from the other without a moment in which
 * nobody listens ({@link ForwardProxy#handOver}). The system gives each new connection to one of them.
 */
public enum PortSharing {
    /** Nobody else listens on the port. */
    NONE,
    /** Nobody else does when the proxy starts; a {@link #SUCCESSOR} of the same user may come later. */
    OFFERED,
    /** Listens beside a proxy that has {@link #OFFERED} it, and offers it in turn; alone if there is none. */
    SUCCESSOR;

    /** Whether this system can do it, by {@code SO_REUSEPORT}; where it cannot, ports are not shared. */
    public static boolean isSupported() {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            return probe.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false;
        }
    }
}
