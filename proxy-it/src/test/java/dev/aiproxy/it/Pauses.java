package dev.aiproxy.it;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * When this machine let nobody here run: a collection of garbage, a neighbour that has all processors, a host that sleeps. A
 * thread that does nothing but wake up tells, by how late it does. For any threads.
 */
final class Pauses {
    private static final long BEAT_NANOS = 2_000_000;

    /** So late is nothing out of the ordinary. */
    private static final long USUAL_NANOS = 10_000_000;

    private static final Queue<Pause> all = new ConcurrentLinkedQueue<>();
    private static volatile long lastBeatNanos = System.nanoTime();

    static {
        Thread thread = new Thread(Pauses::beat, "pauses");
        thread.setDaemon(true);
        thread.start();
    }

    private Pauses() {}

    /** One pause, as of {@link System#nanoTime()}. */
    private record Pause(long beginNanos, long endNanos) {

        long nanosWithin(long fromNanos, long toNanos) {
            // Differences, since the clock may overflow.
            long begin = Math.max(0, beginNanos - fromNanos);
            long end = Math.min(toNanos - fromNanos, endNanos - fromNanos);
            return Math.max(0, end - begin);
        }
    }

    private static void beat() {
        while (true) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            long due = lastBeatNanos + BEAT_NANOS;
            if (now - due > USUAL_NANOS) {
                all.add(new Pause(due, now));
            }
            lastBeatNanos = now;
        }
    }

    /** How much of this time, as of {@link System#nanoTime()}, nobody could run. */
    static Duration within(long fromNanos, long toNanos) {
        // One that is not over yet has not been told of.
        Eventually.await("the next beat", () -> lastBeatNanos - toNanos > 0);
        return Duration.ofNanos(all.stream()
                .mapToLong(pause -> pause.nanosWithin(fromNanos, toNanos))
                .sum());
    }
}
