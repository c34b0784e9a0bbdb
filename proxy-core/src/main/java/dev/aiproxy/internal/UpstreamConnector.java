package dev.aiproxy.internal;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Connects to upstreams, with the selectors of the clients that it connects for. */
final class UpstreamConnector extends ClientConnector {

    private final SharedSelectors selectors;
    private final Counters counters;

    UpstreamConnector(SharedSelectors selectors, Counters counters) {
        this.selectors = selectors;
        this.counters = counters;
    }

    @Override
    protected SelectorManager newSelectorManager() {
        Side side = new Side(getExecutor(), getScheduler());
        selectors.join(side);
        return side;
    }

    @Override
    protected void configure(SelectableChannel selectable) throws IOException {
        super.configure(selectable);
        if (selectable instanceof SocketChannel channel) {
            // A peer that has vanished without a FIN shows itself only so.
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    @Override
    protected EndPoint newEndPoint(SelectableChannel selectable, ManagedSelector selector, SelectionKey selectionKey) {
        return new UpstreamSocket((SocketChannel) selectable, selector, selectionKey, getScheduler(), counters);
    }

    /** Makes of sockets what Jetty's client makes of them, and leaves it to the shared selectors to wait for them. */
    private final class Side extends ClientSelectorManager implements SharedSelectors.UpstreamSide {

        Side(Executor executor, Scheduler scheduler) {
            super(executor, scheduler, 1);
        }

        @Override
        public void connect(SelectableChannel channel, Object context) {
            selectors.connect(channel, context);
        }

        @Override
        public void accept(SelectableChannel channel, Object context) {
            selectors.accept(channel, context);
        }

        @Override
        public void setConnectTimeout(long milliseconds) {
            super.setConnectTimeout(milliseconds);
            selectors.setConnectTimeout(milliseconds);
        }

        @Override
        protected ManagedSelector newSelector(int id) {
            return new NoSelector(this);
        }

        @Override
        public EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            return super.newEndPoint(channel, selector, key);
        }

        @Override
        public void connectionFailed(SelectableChannel channel, @Nullable Throwable failure, Object context) {
            super.connectionFailed(channel, failure, context);
        }

        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable failure, Object context) {
            super.onAcceptFailed(channel, failure, context);
        }
    }

    /** A selector manager has to have one: this one takes no thread, and never gets anything to do. */
    private static final class NoSelector extends ManagedSelector {

        NoSelector(SelectorManager manager) {
            super(manager, 0);
        }

        @Override
        protected void doStart() {
            // Nothing to wait for.
        }

        @Override
        protected void doStop() {
            // As it was never started.
        }
    }
}
