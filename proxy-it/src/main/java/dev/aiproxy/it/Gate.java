package dev.aiproxy.it;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A door that a script waits at and a test opens.
 *
 * <p>Gates are what makes "the client had event 3 <em>before</em> event 4 was sent" a fact instead of a measurement:
 * event 4 cannot be sent until the test, with event 3 in its hands, opens the gate. Safe for any threads.
 */
public final class Gate {
    private static final int FOR_GOOD = Integer.MAX_VALUE / 2;

    private final String name;
    private final Semaphore passes = new Semaphore(0);

    private Gate(String name) {
        this.name = name;
    }

    /** A closed gate; the name is for messages. */
    public static Gate named(String name) {
        return new Gate(name);
    }

    /** Lets one step through, now or when it comes. */
    public void open() {
        passes.release();
    }

    /** Lets everything through from now on. */
    public void openForGood() {
        passes.release(FOR_GOOD);
    }

    boolean pass(Duration within) throws InterruptedException {
        return passes.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public String toString() {
        return "gate '" + name + "'";
    }
}
