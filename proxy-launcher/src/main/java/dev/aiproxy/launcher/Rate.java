package dev.aiproxy.launcher;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows, over the last few times it was looked at. For one thread. */
final class Rate {

    private static final int MOST_KEPT = 6;

    private final Deque<Long> times = new ArrayDeque<>(MOST_KEPT);
    private final Deque<Long> totals = new ArrayDeque<>(MOST_KEPT);

    /** @param now in terms of the nano clock */
    void see(long now, long total) {
        if (totals.size() == MOST_KEPT) {
            times.removeFirst();
            totals.removeFirst();
        }
        times.addLast(now);
        totals.addLast(total);
    }

    double perSecond() {
        if (totals.size() < 2 || times.getLast().equals(times.getFirst())) {
            return 0;
        }
        return (totals.getLast() - totals.getFirst()) * 1e9 / (times.getLast() - times.getFirst());
    }
}
