package dev.aiproxy.it;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Waits for a flow of bytes to come to a stand. */
final class Stall {
    private static final Duration STANDING = Duration.ofMillis(250);

    private Stall() {}

    /** Waits until the count has not changed for a quarter of a second, and returns it. */
    static long await(String what, LongSupplier count) {
        Standing standing = new Standing(count);
        Eventually.await(what + " to stall", standing::isLongEnough);
        return standing.last;
    }

    /** When the count changed last. */
    private static final class Standing {
        private final LongSupplier count;
        private long last = -1;
        private long sinceNanos;

        Standing(LongSupplier count) {
            this.count = count;
        }

        boolean isLongEnough() {
            long now = count.getAsLong();
            if (now != last) {
                last = now;
                sinceNanos = System.nanoTime();
            }
            return System.nanoTime() - sinceNanos > STANDING.toNanos();
        }
    }
}
