package dev.aiproxy.internal;

import dev.aiproxy.PortSharing;
import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The socket that clients connect to, from its opening to its end.
 *
 * <p>To be left to a successor without a loss, it must be closed in the moment in which nobody waits to be accepted: the
 * kernel resets those who do. A thread that blocks in {@code accept} leaves no such moment to anybody else. So the channel
 * does not block, and the acceptor waits for arrivals with a selector, which can be closed first.
 */
final class ListeningConnector extends ServerConnector {

    private static final int ACCEPT_QUEUE = 1024;
    /** One for each processor; more than these many leave too few threads for what is not to be done by a selector's. */
    private static final int SELECTORS = Math.min(Runtime.getRuntime().availableProcessors(), ServerThreads.MOST / 4);

    private final PortSharing sharing;
    private final @Nullable ServerSocketChannel given;
    private volatile @Nullable ServerSocketChannel listening;
    private volatile @Nullable Selector arrivals;
    private volatile InetSocketAddress address;
    private volatile boolean isClosing;
    private @Nullable CompletableFuture<Void> allGone;

    ListeningConnector(
            Server server, ByteBufferPool buffers, ProxyConfig.Listen listen, ConnectionFactory... factories) {
        super(server, null, null, buffers, 1, SELECTORS, factories);
        sharing = listen.sharing();
        given = listen.channel().orElse(null);
        address = InetSocketAddress.createUnresolved(listen.host(), 0);
        setHost(listen.host());
        setPort(listen.port());
        setAcceptQueueSize(ACCEPT_QUEUE);
        setReusePort(sharing == PortSharing.SUCCESSOR);
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new SharedSelectors(this, executor, scheduler, selectors);
    }

    @Override
    public SharedSelectors getSelectorManager() {
        return (SharedSelectors) super.getSelectorManager();
    }

    @Override
    protected ServerSocketChannel openAcceptChannel() throws IOException {
        if (given != null) {
            return given;
        }
        ServerSocketChannel channel = super.openAcceptChannel();
        if (sharing == PortSharing.OFFERED && PortSharing.isSupported()) {
            // Only now that it is bound, and so nobody else's. Before, it would be shared at once with whoever offers
            // it.
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        return channel;
    }

    @Override
    public void open(ServerSocketChannel channel) throws IOException {
        super.open(channel);
        Selector selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        listening = channel;
        // The name is looked up here, for those who ask may not block.
        address = new InetSocketAddress(getHost(), channel.socket().getLocalPort());
        arrivals = selector;
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        if (!acceptOne()) {
            Selector selector = Objects.requireNonNull(arrivals);
            selector.select();
            selector.selectedKeys().clear();
        }
    }

    private boolean acceptOne() throws IOException {
        SocketChannel channel = Objects.requireNonNull(listening).accept();
        if (channel == null) {
            return false;
        }
        channel.configureBlocking(false);
        configure(channel.socket());
        getSelectorManager().accept(channel);
        return true;
    }

    @Override
    protected SelectedEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SelectedEndPoint endPoint = new SelectedEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    // For the selectors, which tell Jetty's own class only.

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
    }

    @Override
    protected void configure(Socket socket) {
        super.configure(socket);
        try {
            // A client that has vanished without a FIN shows itself only so.
            socket.setKeepAlive(true);
        } catch (IOException closedAlready) {
            // The next read tells.
        }
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return !isClosing && super.handleAcceptFailure(failure);
    }

    /** Where it listens, or has listened; the port is the real one. */
    InetSocketAddress address() {
        return address;
    }

    /**
     * Listens no more, after having accepted whoever waits; what is lost is a handshake that is under way right now.
     * Whoever waits at a socket that was given is left to the next one that gets it.
     */
    private void closeListening() throws IOException {
        isClosing = true;
        rehearse();
        // A channel that is registered somewhere would be closed only some time after it is said.
        IO.close(arrivals);
        boolean isOurs = given == null;
        while (isOurs && acceptOne()) {
            // The next one.
        }
        IO.close(listening);
    }

    /**
     * Closes another socket in the same way. What a JVM does for the first time takes several times as long, 33 µs and not 6,
     * and whoever comes between the last accept and the closing is lost.
     */
    private static void rehearse() {
        try (ServerSocketChannel another = ServerSocketChannel.open()) {
            another.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            another.configureBlocking(false);
            try (Selector selector = Selector.open()) {
                another.register(selector, SelectionKey.OP_ACCEPT);
            }
            another.accept();
        } catch (IOException unrehearsed) {
            // Then the real one takes longer.
            return;
        }
    }

    /**
     * Listens no more, and holds those who stay to no other time than before. Jetty sets that time each time it is told, which
     * would undo what has been set meanwhile; so it is told once.
     *
     * @return completed when the last connection has been closed
     */
    synchronized CompletableFuture<Void> stopListening() throws IOException {
        CompletableFuture<Void> told = allGone;
        if (told == null) {
            closeListening();
            setShutdownIdleTimeout(getIdleTimeout());
            told = shutdown();
            allGone = told;
        }
        return told;
    }

    @Override
    public void close() {
        isClosing = true;
        super.close();
        IO.close(arrivals);
    }
}
