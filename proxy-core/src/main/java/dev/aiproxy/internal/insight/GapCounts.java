package dev.aiproxy.internal.insight;

import dev.aiproxy.TokenGaps;
import java.time.Duration;
import java.util.Arrays;

/** Counts for {@link TokenGaps}. */
final class GapCounts {

    private static final long[] BOUND_NANOS =
            TokenGaps.UPPER_BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    /** Of all answers that had none, as those that are no streams; so it is made once. */
    private static final TokenGaps NONE = new GapCounts().counted();

    /** Two thousand million tokens take a week at 3,000 a second. */
    private final int[] counts = new int[BOUND_NANOS.length + 1];

    private long total;
    private long longest;
    private boolean hasAny;

    void add(long nanos) {
        int bucket = 0;
        while (bucket < BOUND_NANOS.length && nanos > BOUND_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        hasAny = true;
        total += nanos;
        longest = Math.max(longest, nanos);
    }

    TokenGaps toGaps() {
        return hasAny ? counted() : NONE;
    }

    private TokenGaps counted() {
        return new TokenGaps(
                Arrays.stream(counts).asLongStream().boxed().toList(),
                Duration.ofNanos(total),
                Duration.ofNanos(longest));
    }
}
