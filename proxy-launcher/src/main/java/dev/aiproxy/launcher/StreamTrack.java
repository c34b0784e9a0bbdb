package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.TokenGaps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How one stream has gone on, second by second. Looked at once a second by one thread, and told of its end by another;
 * whatever comes after that changes nothing.
 */
final class StreamTrack {

    /** What it remembers. */
    static final int SECONDS = 30;

    private final int[] perSecond = new int[SECONDS];
    private final long[] gaps = new long[TokenGaps.UPPER_BOUNDS.size() + 1];
    private int seconds;
    private long tokens;
    private boolean hasFirst;
    private boolean isOver;

    /**
     * A second has passed.
     *
     * @return token events since the last time
     */
    synchronized long secondPassed(AiAnswer answer, LiveHistory history) {
        if (isOver) {
            return 0;
        }
        long more = advance(answer, history);
        perSecond[seconds++ % SECONDS] = (int) more;
        return more;
    }

    /**
     * It is over.
     *
     * @return token events since the last time
     */
    synchronized long end(AiAnswer answer, LiveHistory history) {
        isOver = true;
        return advance(answer, history);
    }

    private long advance(AiAnswer answer, LiveHistory history) {
        if (!hasFirst && answer.timeToFirstToken().isPresent()) {
            hasFirst = true;
            history.onFirstToken(answer.timeToFirstToken().get());
        }
        long more = answer.tokenEvents() - tokens;
        if (more > 0) {
            history.onTokens(more, moreGaps(answer.gaps()), longest(answer));
            tokens = answer.tokenEvents();
        }
        return more;
    }

    private long[] moreGaps(TokenGaps now) {
        long[] more = new long[gaps.length];
        for (int at = 0; at < gaps.length; at++) {
            long count = now.counts().get(at);
            more[at] = count - gaps[at];
            gaps[at] = count;
        }
        return more;
    }

    private static Duration longest(AiAnswer answer) {
        return answer.gaps().longest();
    }

    /** Token events in each of the last seconds, oldest first; fewer if it is younger. */
    synchronized List<Integer> perSecond() {
        List<Integer> counts = new ArrayList<>(SECONDS);
        for (int second = Math.max(0, seconds - SECONDS); second < seconds; second++) {
            counts.add(perSecond[second % SECONDS]);
        }
        return counts;
    }
}
