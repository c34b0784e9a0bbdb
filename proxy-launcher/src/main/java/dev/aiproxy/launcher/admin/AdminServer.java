package dev.aiproxy.launcher.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@linkplain AdminPage pages} over plain HTTP/1.1, on few threads of its own: none of those that move the traffic is
 * ever asked, and whoever looks too much waits for himself alone.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(AdminServer.class);

    /** One waits for connections and requests, the others answer. */
    private static final int THREADS = 4;

    private static final int MOST_CONNECTIONS = 64;
    private static final long STOP_MILLIS = 500;

    private final Server server;
    private final InetSocketAddress address;

    private AdminServer(Server server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Binds, and serves from then on.
     *
     * @param host host name or address to listen on, also one that clients may ask for
     * @param port 0 for a free one
     * @param pages in the order they are tried in
     * @throws IOException if nothing can listen there
     */
    public static AdminServer start(String host, int port, List<AdminPage> pages) throws IOException {
        ServerSocketChannel socket = bound(host, port);
        Server server = new Server(threads());
        ServerConnector connector =
                new ServerConnector(server, null, null, null, 0, 1, new HttpConnectionFactory(configuration()));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
        server.setHandler(new AdminPages(new HostGuard(host), pages));
        try {
            connector.open(socket);
            server.start();
        } catch (Exception e) {
            stop(server);
            socket.close();
            throw new IOException("cannot serve: " + e.getMessage(), e);
        }
        return new AdminServer(server, (InetSocketAddress) socket.getLocalAddress());
    }

    private static ServerSocketChannel bound(String host, int port) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            bind(socket, new InetSocketAddress(host, port));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void bind(ServerSocketChannel socket, InetSocketAddress asked) throws IOException {
        if (asked.isUnresolved()) {
            throw new IOException("host name unknown");
        }
        try {
            socket.bind(asked);
        } catch (UnsupportedAddressTypeException e) {
            // So it is with java.net.preferIPv4Stack, and where the machine has no IPv6.
            throw new IOException("Java has IPv4 only here; choose an IPv4 address", e);
        }
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("admin");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(STOP_MILLIS);
        return threads;
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        return configuration;
    }

    /** Where it listens; the port is the real one, also if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** Ends what is being answered, and frees the port before it returns. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            logger.debug("the admin server did not stop in order", e);
        }
    }
}
