package dev.aiproxy.internal;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * The two ends of each of the proxy's own connections to the upstream. A client's connection with the same two ends is the
 * other side of one of them: a loop, found without a header field that the upstream would see.
 */
final class OutboundAddresses implements Connection.Listener {

    private final Map<Connection, Ends> connections = new ConcurrentHashMap<>();
    private final Set<Ends> ends = ConcurrentHashMap.newKeySet();

    /** Whether a client's connection is one of the proxy's own. */
    boolean contains(SocketAddress client, SocketAddress proxy) {
        return ends.contains(new Ends(client, proxy));
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint endPoint = ((AbstractConnection) connection).getEndPoint();
        SocketAddress local = endPoint.getLocalSocketAddress();
        SocketAddress remote = endPoint.getRemoteSocketAddress();
        if (local != null && remote != null) {
            Ends opened = new Ends(local, remote);
            connections.put(connection, opened);
            ends.add(opened);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        // By the connection, since a closed socket does not tell its addresses any more.
        Ends closed = connections.remove(connection);
        if (closed != null) {
            ends.remove(closed);
        }
    }

    private record Ends(SocketAddress caller, SocketAddress callee) {}
}
