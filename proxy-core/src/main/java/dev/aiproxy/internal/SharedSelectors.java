package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The selectors of both sides. A connection to an upstream is at the selector of the client that it was made for, so that
 * one thread reads a request, sends it on and brings its answer back. Jetty has selectors for a server and others for a
 * client: each request would wake up the one's thread, its answer the other's, and its end the first again.
 *
 * <p>Which of the two sides a socket is on, its attachment tells: those of the {@link UpstreamSide} have a context.
 *
 * <p>Any thread may call.
 */
final class SharedSelectors extends SelectorManager {

    private final ListeningConnector clientSide;
    private final ThreadLocal<@Nullable ManagedSelector> chosen = new ThreadLocal<>();
    /** What has just been connected: the next task is to make a connection of it ({@code ManagedSelector.processConnect}). */
    private final ThreadLocal<@Nullable SelectableChannel> connected = new ThreadLocal<>();

    /** Connected to upstreams, and not yet endpoints; so that they do not count as clients' connections. */
    private final Set<SelectableChannel> arrivals = ConcurrentHashMap.newKeySet();

    private volatile @Nullable UpstreamSide upstreamSide;

    SharedSelectors(ListeningConnector clientSide, Executor executor, Scheduler scheduler, int selectors) {
        super(executor, scheduler, selectors);
        this.clientSide = clientSide;
    }

    /** What becomes of sockets to upstreams. */
    interface UpstreamSide {
        EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key);

        Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object context) throws IOException;

        void connectionOpened(Connection connection, Object context);

        void connectionSucceeded(SelectableChannel channel);

        void connectionFailed(SelectableChannel channel, Throwable failure, Object context);

        void onAcceptFailed(SelectableChannel channel, Throwable failure, Object context);
    }

    /** Takes the connections to upstreams as well. */
    void join(UpstreamSide side) {
        upstreamSide = side;
    }

    private UpstreamSide upstreamSide() {
        return Objects.requireNonNull(upstreamSide);
    }

    /**
     * Makes connections of sockets that were accepted, or have just been connected, at once, since nothing of that blocks:
     * thousands that come together would start every thread there may be, and each of them wake the selector up again.
     */
    @Override
    protected void execute(Runnable task) {
        boolean isConnected = connected.get() != null;
        if (isConnected) {
            connected.remove();
        }
        if (isConnected || task instanceof ManagedSelector.SelectorUpdate) {
            task.run();
        } else {
            super.execute(task);
        }
    }

    @Override
    protected ManagedSelector newSelector(int id) {
        return new BusySelector(this, id);
    }

    /**
     * The first that has room, and if none has, each in turn: what comes to one thread at about the same time costs it one
     * wake-up, and two threads one each.
     */
    @Override
    protected @Nullable ManagedSelector chooseSelector() {
        ManagedSelector wanted = chosen.get();
        if (wanted != null && wanted.isRunning()) {
            return wanted;
        }
        for (BusySelector selector : getBeans(BusySelector.class)) {
            if (selector.isRunning() && selector.takesOneMore()) {
                return selector;
            }
        }
        return super.chooseSelector();
    }

    // Connections to upstreams: under way, or made at once.

    @Override
    public void connect(SelectableChannel channel, Object context) {
        atCurrent(() -> super.connect(channel, context));
    }

    @Override
    public void accept(SelectableChannel channel, @Nullable Object context) {
        if (context == null) {
            super.accept(channel, null);
            return;
        }
        arrivals.add(channel);
        atCurrent(() -> super.accept(channel, context));
    }

    private void atCurrent(Runnable registration) {
        ManagedSelector current = SelectorWork.selector();
        boolean isOurs = current instanceof BusySelector shared && shared.isOf(this);
        chosen.set(isOurs ? current : null);
        try {
            registration.run();
        } finally {
            chosen.remove();
        }
    }

    @Override
    protected void onAccepting(SelectableChannel channel) {
        if (!arrivals.contains(channel)) {
            super.onAccepting(channel);
        }
    }

    @Override
    protected void onAccepted(SelectableChannel channel) {
        if (!arrivals.remove(channel)) {
            super.onAccepted(channel);
        }
    }

    @Override
    protected void onAcceptFailed(SelectableChannel channel, Throwable failure, @Nullable Object context) {
        arrivals.remove(channel);
        if (context == null) {
            super.onAcceptFailed(channel, failure, null);
        } else {
            upstreamSide().onAcceptFailed(channel, failure, context);
        }
    }

    @Override
    protected void connectionSucceeded(SelectableChannel channel) {
        upstreamSide().connectionSucceeded(channel);
        connected.set(channel);
    }

    @Override
    protected void connectionFailed(SelectableChannel channel, Throwable failure, Object context) {
        connected.remove();
        upstreamSide().connectionFailed(channel, failure, context);
    }

    // Both sides.

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        return key.attachment() == null
                ? clientSide.newEndPoint((SocketChannel) channel, selector, key)
                : upstreamSide().newEndPoint(channel, selector, key);
    }

    @Override
    public Connection newConnection(SelectableChannel channel, EndPoint endPoint, @Nullable Object context)
            throws IOException {
        return context == null
                ? clientSide.getDefaultConnectionFactory().newConnection(clientSide, endPoint)
                : upstreamSide().newConnection(channel, endPoint, context);
    }

    @Override
    public void connectionOpened(Connection connection, @Nullable Object context) {
        if (context == null) {
            super.connectionOpened(connection, null);
        } else {
            upstreamSide().connectionOpened(connection, context);
        }
    }

    @Override
    protected void endPointOpened(EndPoint endPoint) {
        if (!(endPoint instanceof UpstreamSocket)) {
            clientSide.onEndPointOpened(endPoint);
        }
    }

    @Override
    protected void endPointClosed(EndPoint endPoint) {
        if (!(endPoint instanceof UpstreamSocket)) {
            clientSide.onEndPointClosed(endPoint);
            super.endPointClosed(endPoint);
        }
    }
}
