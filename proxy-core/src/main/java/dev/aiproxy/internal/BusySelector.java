package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;

/**
 * A selector that knows how busy its thread is: what part of the time it does not wait.
 *
 * <p>Threads take turns at it, one at a time; any may ask.
 */
final class BusySelector extends ManagedSelector {

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Above, what comes may have to wait for what is being done as often as not. */
    private static final double BUSY = 0.5;
    /**
     * As an exchange takes two, some 128 streams, be they silent now: at some 20 µs for a piece, 50 pieces a second of each are an
     * eighth of a thread's time.
     */
    private static final int MANY_SOCKETS = 256;

    private final SelectorManager owner;
    /** Sockets that are on their way to it, or have come in this period. */
    private final AtomicInteger arrivals = new AtomicInteger();

    private long periodBeganAt = System.nanoTime();
    private long waitedNanos;
    private volatile boolean isWaiting;
    private volatile Busyness last = new Busyness(0, periodBeganAt);

    BusySelector(SelectorManager owner, int id) {
        super(owner, id);
        this.owner = owner;
    }

    /**
     * How busy the thread was.
     *
     * @param share from 0 to 1
     * @param until when, in terms of the nano clock
     */
    private record Busyness(double share, long until) {}

    boolean isOf(SelectorManager manager) {
        return owner == manager;
    }

    /**
     * Makes room for one more socket.
     *
     * @return whether what comes to it will not have to wait
     */
    boolean takesOneMore() {
        boolean hasRoom = !isBusy() && size() + arrivals.get() < MANY_SOCKETS;
        if (hasRoom) {
            arrivals.incrementAndGet();
        }
        return hasRoom;
    }

    private boolean isBusy() {
        Busyness busyness = last;
        // A thread that has nothing to do does not look at the clock; nor does one that cannot come to an end.
        boolean isOld = System.nanoTime() - busyness.until() > 2 * PERIOD_NANOS;
        return isOld ? !isWaiting : busyness.share() >= BUSY;
    }

    @Override
    protected int nioSelect(Selector selector, boolean now) throws IOException {
        long beganAt = System.nanoTime();
        isWaiting = true;
        try {
            return super.nioSelect(selector, now);
        } finally {
            isWaiting = false;
            waited(beganAt, System.nanoTime());
        }
    }

    private void waited(long from, long to) {
        waitedNanos += to - from;
        long period = to - periodBeganAt;
        if (period >= PERIOD_NANOS) {
            last = new Busyness(1 - (double) waitedNanos / period, to);
            arrivals.set(0);
            periodBeganAt = to;
            waitedNanos = 0;
        }
    }
}
