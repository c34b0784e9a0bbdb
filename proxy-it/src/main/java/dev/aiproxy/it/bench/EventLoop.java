package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One selector and its timers, run by whichever single thread calls {@link #runUntil}. */
final class EventLoop implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_WAIT_MILLIS = 100;

    private final Selector selector;
    private final boolean exact;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();

    private EventLoop(Selector selector, boolean exact) {
        this.selector = selector;
        this.exact = exact;
    }

    /** One whose timers may be a millisecond late and whose channels never wait. */
    static EventLoop prompt() throws IOException {
        return new EventLoop(Selector.open(), false);
    }

    /** One whose timers are kept to some 50 microseconds, for which a ready channel may wait as long. */
    static EventLoop exact() throws IOException {
        return new EventLoop(Selector.open(), true);
    }

    SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /** Calls the timer once its time has come; it must not be waiting already. */
    void schedule(Timer timer, long dueNanos) {
        timer.dueNanos = dueNanos;
        timers.add(timer);
    }

    void cancel(Timer timer) {
        timers.remove(timer);
    }

    /** Runs until the condition holds, and returns whether it did before the deadline. */
    boolean runUntil(long deadlineNanos, BooleanSupplier done) throws IOException {
        while (!done.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - deadlineNanos >= 0) {
                return false;
            }
            Timer next = timers.peek();
            if (next != null && next.dueNanos - now <= 0) {
                timers.poll();
                next.expired(now);
                continue;
            }
            long untilNanos = next == null ? deadlineNanos : Math.min(next.dueNanos, deadlineNanos);
            await(untilNanos - now);
        }
        return true;
    }

    void runFor(long nanos) throws IOException {
        runUntil(System.nanoTime() + nanos, () -> false);
    }

    private void await(long nanos) throws IOException {
        if (exact && nanos < 2 * NANOS_PER_MILLI) {
            if (selector.selectNow(EventLoop::ready) == 0) {
                LockSupport.parkNanos(Math.min(nanos, NANOS_PER_MILLI));
            }
            return;
        }
        long millis = Math.min(LONGEST_WAIT_MILLIS, Math.max(1, nanos / NANOS_PER_MILLI));
        selector.select(EventLoop::ready, millis);
    }

    private static void ready(SelectionKey key) {
        Handler handler = (Handler) key.attachment();
        try {
            if (key.isValid()) {
                handler.ready(key);
            }
        } catch (IOException failure) {
            handler.failed(failure);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (ClosedSelectorException closedBefore) {
            return;
        }
        selector.close();
    }

    /** What is called when a channel can do something. */
    interface Handler {
        void ready(SelectionKey key) throws IOException;

        void failed(IOException failure);
    }

    /** Something to be done at a time. */
    abstract static class Timer implements Comparable<Timer> {
        private long dueNanos;

        abstract void expired(long nowNanos) throws IOException;

        final long dueNanos() {
            return dueNanos;
        }

        @Override
        public final int compareTo(Timer other) {
            return Long.signum(dueNanos - other.dueNanos);
        }
    }
}
