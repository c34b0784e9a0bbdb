package dev.aiproxy.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, never for time: each wait has a deadline and says what it waited for. */
public final class Eventually {

    /** How long a wait lasts unless told: far above what loopback needs, so that only a hang runs into it. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long LOOK_EVERY_NANOS = 500_000;

    private Eventually() {}

    /** Waits for at most {@link #PATIENCE}. */
    public static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    /**
     * Returns as soon as the condition is true.
     *
     * @param what what is waited for, as in "waited 5s for <i>the second request</i>"
     * @throws AssertionError if it is not true in time, or the thread is interrupted
     */
    public static void await(String what, Duration within, BooleanSupplier condition) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + within.toMillis() + " ms for " + what);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
