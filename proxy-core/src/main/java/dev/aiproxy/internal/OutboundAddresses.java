package dev.aiproxy.internal;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;

/**
 * The local addresses of the proxy's own connections to the upstream. A client that calls from one of them is the proxy
 * itself: a loop, found without a header field that the upstream would see.
 */
final class OutboundAddresses implements Connection.Listener {

    private final Map<SocketAddress, Connection> addresses = new ConcurrentHashMap<>();
    private final Map<Connection, SocketAddress> connections = new ConcurrentHashMap<>();

    boolean contains(SocketAddress address) {
        return addresses.containsKey(address);
    }

    @Override
    public void onOpened(Connection connection) {
        SocketAddress local = ((AbstractConnection) connection).getEndPoint().getLocalSocketAddress();
        if (local != null) {
            connections.put(connection, local);
            addresses.put(local, connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        // By the connection, since a closed socket does not tell its address any more.
        SocketAddress local = connections.remove(connection);
        if (local != null) {
            addresses.remove(local, connection);
        }
    }
}
