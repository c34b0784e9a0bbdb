package dev.aiproxy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The times between the token events of a stream, as they arrived: whether it flowed or stuttered.
 *
 * @param counts how many gaps were as long as one of {@link #UPPER_BOUNDS} or shorter, but longer than the one before; at
 *     the end, how many were longer than all of them
 * @param total all gaps together
 * @param longest the longest gap; zero if there was none
 */
public record TokenGaps(List<Long> counts, Duration total, Duration longest) {

    /** The bounds of the counts, ascending. */
    public static final List<Duration> UPPER_BOUNDS = LongStream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000)
            .mapToObj(Duration::ofMillis)
            .toList();

    /** Copies the list. */
    public TokenGaps {
        counts = List.copyOf(counts);
        if (counts.size() != UPPER_BOUNDS.size() + 1) {
            throw new IllegalArgumentException(
                    "counts must be " + (UPPER_BOUNDS.size() + 1) + ", were " + counts.size());
        }
    }

    /** How many gaps there were. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
