package dev.aiproxy.launcher;

import java.time.Duration;
import java.util.List;

/**
 * When the tokens of a stream arrived.
 *
 * @param arrivals time from the request to each token, ascending
 */
record TokenTimes(List<Duration> arrivals) {

    /** Copies the list. */
    TokenTimes {
        arrivals = List.copyOf(arrivals);
    }

    /**
     * Whether tokens that were sent one by one, one pace apart, also arrived so. A busy machine shifts some of them, so
     * four gaps of five need to be half a pace or more; in a stream that something on the way has collected, hardly any
     * is.
     */
    boolean areSpaced(Duration pace) {
        int gaps = arrivals.size() - 1;
        if (gaps < 1) {
            return false;
        }
        int wide = 0;
        for (int index = 1; index < arrivals.size(); index++) {
            Duration gap = arrivals.get(index).minus(arrivals.get(index - 1));
            if (gap.compareTo(pace.dividedBy(2)) >= 0) {
                wide++;
            }
        }
        return wide * 5 >= gaps * 4;
    }

    Duration first() {
        return arrivals.get(0);
    }

    Duration last() {
        return arrivals.get(arrivals.size() - 1);
    }
}
