package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The last 15 minutes in steps of five seconds. What happens is counted by any threads without waiting; one thread closes
 * the steps.
 */
final class LiveHistory {

    static final Duration STEP = Duration.ofSeconds(5);
    static final int MOST_STEPS = 180;

    private final LongAdder requests = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final Spread firstTokens = Spread.ofWaits();
    private final Spread gaps = Spread.ofGaps();
    private final Deque<HistoryStep> steps = new ArrayDeque<>(MOST_STEPS);

    void onRequest() {
        requests.increment();
    }

    void onEnd(ExchangeEnd end) {
        ended.increment();
        if (end.outcome() != Outcome.COMPLETED && end.outcome() != Outcome.CLIENT_GONE) {
            failed.increment();
        }
    }

    void onFirstToken(Duration wait) {
        firstTokens.add(wait);
    }

    void onTokens(long count, long[] moreGaps, Duration longestGap) {
        tokens.add(count);
        gaps.addAll(moreGaps, longestGap);
    }

    /** Ends a step. */
    synchronized void close(Instant now, int inFlight) {
        if (steps.size() == MOST_STEPS) {
            steps.removeFirst();
        }
        steps.addLast(new HistoryStep(
                now,
                requests.sumThenReset(),
                ended.sumThenReset(),
                failed.sumThenReset(),
                tokens.sumThenReset(),
                inFlight,
                firstTokens.take(),
                gaps.take()));
    }

    /** Oldest first; without the one that is not over yet. */
    synchronized List<HistoryStep> steps() {
        return List.copyOf(steps);
    }
}
