package dev.aiproxy.it.bench;

import java.util.Arrays;

/** Many numbers, cheap to add to, and their quantiles. */
final class Samples {
    private long[] values = new long[4096];
    private int count;
    private boolean sorted;

    void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
        sorted = false;
    }

    /** Forgets all of them. */
    void clear() {
        count = 0;
    }

    long count() {
        return count;
    }

    /** The value below which the given share of the numbers lies; not a number if there are none. */
    double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(values, 0, count);
            sorted = true;
        }
        return values[Math.min(count - 1, (int) (share * count))];
    }

    double quantileMicros(double share) {
        return quantile(share) / 1000;
    }
}
