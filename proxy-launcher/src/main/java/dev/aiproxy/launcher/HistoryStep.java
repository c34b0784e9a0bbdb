package dev.aiproxy.launcher;

import java.time.Instant;
import java.util.Optional;

/**
 * What happened within one step of a {@link LiveHistory}.
 *
 * @param at its end
 * @param requests requests that arrived
 * @param ended exchanges that ended
 * @param failed those of them that ended neither completed nor by their client
 * @param tokens token events that arrived
 * @param inFlight exchanges in flight at its end
 * @param firstToken how long streams took to their first token; empty if none had one
 * @param gaps how long it took from token to token; empty if there were no two
 */
record HistoryStep(
        Instant at,
        long requests,
        long ended,
        long failed,
        long tokens,
        int inFlight,
        Optional<Percentiles> firstToken,
        Optional<Percentiles> gaps) {}
