package dev.aiproxy.internal.insight;

import dev.aiproxy.TokenGaps;
import java.time.Duration;
import java.util.Arrays;

/** Counts for {@link TokenGaps}. */
final class GapCounts {

    private static final long[] BOUND_NANOS =
            TokenGaps.UPPER_BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    private final long[] counts = new long[BOUND_NANOS.length + 1];
    private long total;
    private long longest;

    void add(long nanos) {
        int bucket = 0;
        while (bucket < BOUND_NANOS.length && nanos > BOUND_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        total += nanos;
        longest = Math.max(longest, nanos);
    }

    TokenGaps toGaps() {
        return new TokenGaps(
                Arrays.stream(counts).boxed().toList(), Duration.ofNanos(total), Duration.ofNanos(longest));
    }
}
