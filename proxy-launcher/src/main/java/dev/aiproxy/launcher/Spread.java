package dev.aiproxy.launcher;

import dev.aiproxy.TokenGaps;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How many times were how long: counts between fixed bounds, from which percentiles are read off. Between two bounds,
 * times are taken to be spread evenly. Safe for any threads.
 */
final class Spread {

    private static final double FIRST_TOKEN_GROWTH = 1.15;
    private static final long FIRST_TOKEN_SHORTEST_MILLIS = 5;
    private static final long FIRST_TOKEN_LONGEST_MILLIS =
            Duration.ofMinutes(10).toMillis();

    private final long[] upperBoundsMillis;
    private final long[] counts;
    private long longestMillis;

    private Spread(long... upperBoundsMillis) {
        this.upperBoundsMillis = upperBoundsMillis;
        this.counts = new long[upperBoundsMillis.length + 1];
    }

    /** For waits of 5 ms to 10 minutes, right to 15 %. */
    static Spread ofWaits() {
        return new Spread(
                LongStream.iterate(FIRST_TOKEN_SHORTEST_MILLIS, bound -> bound < FIRST_TOKEN_LONGEST_MILLIS, bound ->
                                (long) Math.ceil(bound * FIRST_TOKEN_GROWTH))
                        .toArray());
    }

    /** For what {@link TokenGaps} counts, by the bounds it has. */
    static Spread ofGaps() {
        return new Spread(
                TokenGaps.UPPER_BOUNDS.stream().mapToLong(Duration::toMillis).toArray());
    }

    synchronized void add(Duration time) {
        long millis = time.toMillis();
        int at = Arrays.binarySearch(upperBoundsMillis, millis);
        counts[at < 0 ? -at - 1 : at]++;
        longestMillis = Math.max(longestMillis, millis);
    }

    /**
     * Adds many at once.
     *
     * @param more as many as there are bounds, and one
     * @param longest none of them was longer
     */
    synchronized void addAll(long[] more, Duration longest) {
        for (int at = 0; at < counts.length; at++) {
            counts[at] += more[at];
        }
        longestMillis = Math.max(longestMillis, longest.toMillis());
    }

    /** What has been added since it was taken last; empty if nothing has. */
    synchronized Optional<Percentiles> take() {
        long total = Arrays.stream(counts).sum();
        if (total == 0) {
            return Optional.empty();
        }
        Percentiles taken = new Percentiles(at(total, 0.50), at(total, 0.95), at(total, 0.99));
        Arrays.fill(counts, 0);
        longestMillis = 0;
        return Optional.of(taken);
    }

    private long at(long total, double share) {
        double rank = total * share;
        long before = 0;
        int index = 0;
        while (before + counts[index] < rank) {
            before += counts[index++];
        }
        long lower = index == 0 ? 0 : upperBoundsMillis[index - 1];
        long upper = index == upperBoundsMillis.length ? longestMillis : upperBoundsMillis[index];
        double part = (rank - before) / counts[index];
        return Math.min(longestMillis, Math.round(lower + part * (Math.max(lower, upper) - lower)));
    }
}
