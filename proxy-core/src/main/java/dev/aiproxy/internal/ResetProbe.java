package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a peer has reset its connection while there are bytes from it that nobody can take yet. Reading would tell
 * only behind those bytes.
 *
 * <p>It asks the operating system by a selector of its own whether a connection that has long been established can be
 * finished establishing. It never can; but an error on the socket makes any interest ready. For one thread at a time.
 */
final class ResetProbe extends AbstractLifeCycle {

    private @Nullable Selector selector;

    @Override
    protected void doStart() throws IOException {
        selector = Selector.open();
    }

    @Override
    protected void doStop() throws IOException {
        Selector opened = selector;
        if (opened != null) {
            opened.close();
        }
    }

    /**
     * Looks after a connection from now on; {@code onReset} replaces an earlier one for it.
     *
     * @return whether it does; not if it has just told of a reset, and has not looked again since
     */
    boolean watch(SocketChannel channel, Runnable onReset) {
        Selector opened = selector;
        if (opened == null || !opened.isOpen()) {
            return false;
        }
        try {
            SelectionKey key = channel.keyFor(opened);
            if (key == null) {
                channel.register(opened, SelectionKey.OP_CONNECT, onReset);
                return true;
            }
            key.attach(onReset);
            // A cancelled one is there until the next look.
            return key.isValid();
        } catch (ClosedChannelException | CancelledKeyException closed) {
            // Whoever closed it knows.
            return true;
        }
    }

    /**
     * Whether a connection has been reset, asked once. After the peer's regular end (a FIN) that means: what was sent to
     * it came too late for it to be read. For then the peer's system answers with a reset; a peer that had read it would
     * not.
     */
    static boolean isReset(SocketChannel channel) {
        try (Selector once = Selector.open()) {
            channel.register(once, SelectionKey.OP_CONNECT);
            return once.selectNow() > 0;
        } catch (IOException | CancelledKeyException closed) {
            return false;
        }
    }

    /** Tells of resets since the last look. Does not wait. */
    void look() {
        Selector opened = selector;
        if (opened == null || !opened.isOpen() || opened.keys().isEmpty()) {
            return;
        }
        try {
            opened.selectNow();
        } catch (IOException e) {
            throw new IllegalStateException("cannot ask for resets", e);
        }
        for (Iterator<SelectionKey> keys = opened.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            key.cancel();
            ((Runnable) key.attachment()).run();
        }
    }
}
