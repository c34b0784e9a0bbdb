package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is not asked for more when it has just been read empty: Jetty's readers ask until nothing comes, three times
 * for each piece of a stream, and each time it is a system call. A read that leaves room in its buffer has taken all there
 * was; what comes after it, the end included, the selector tells (epoll(7), question 9).
 *
 * <p>Read by one thread at a time, as all endpoints are.
 */
class SelectedEndPoint extends SocketChannelEndPoint {

    private final ManagedSelector selector;
    private volatile boolean isReadEmpty;
    /** The same for most events. */
    private volatile SelectorWork.@Nullable Task lastTask;

    SelectedEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        this.selector = selector;
    }

    /** Waits for what comes from this socket. */
    final ManagedSelector selector() {
        return selector;
    }

    /** Has the thread do this that waits for what comes from this socket, behind what it does already. */
    final void runBySelector(Runnable job) {
        if (!SelectorWork.next(selector, job)) {
            selector.submit(ignored -> job.run());
        }
    }

    @Override
    public @Nullable Runnable onSelected() {
        Runnable task = super.onSelected();
        if (task == null) {
            return null;
        }
        SelectorWork.Task last = lastTask;
        if (last != null && last.task() == task) {
            return last;
        }
        SelectorWork.Task next = new SelectorWork.Task(task, selector);
        lastTask = next;
        return next;
    }

    @Override
    public final int fill(ByteBuffer buffer) throws IOException {
        if (isReadEmpty && !isInputShutdown()) {
            return 0;
        }
        int room = BufferUtil.space(buffer);
        int filled = read(buffer);
        // Where nothing came, nobody may have asked the selector: that tells nothing.
        isReadEmpty = filled > 0 && filled < room;
        return filled;
    }

    /** Has the next read ask the socket in any case: for who wants to know what has come since, without waiting for it. */
    final void askAgain() {
        isReadEmpty = false;
    }

    /** Reads what there is, as {@link #fill} tells it. */
    int read(ByteBuffer buffer) throws IOException {
        return super.fill(buffer);
    }

    @Override
    protected void needsFillInterest() {
        // Before the selector is asked, for it may answer at once.
        askAgain();
        super.needsFillInterest();
    }
}
