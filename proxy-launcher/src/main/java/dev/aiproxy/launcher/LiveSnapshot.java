package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.ProxyStats;
import dev.aiproxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What can be seen of the proxy at one moment, by {@link LiveJson} and {@link TopScreen}.
 *
 * @param at the moment
 * @param program the process that serves
 * @param totals what it has done in all
 * @param streams the exchanges in flight, oldest first; of many, the oldest and the youngest
 * @param ended the exchanges that ended last, newest first
 * @param history oldest first
 * @param health of the AI server
 * @param config the settings in effect, without secrets
 */
record LiveSnapshot(
        Instant at,
        Program program,
        Totals totals,
        List<Row> streams,
        List<ExchangeEnd> ended,
        List<HistoryStep> history,
        TargetHealth.Report health,
        List<ConfigCommand.ShownSetting> config) {

    /** Copies the lists. */
    LiveSnapshot {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
        history = List.copyOf(history);
        config = List.copyOf(config);
    }

    /**
     * What runs.
     *
     * @param target where it forwards to
     * @param baseUris where clients reach it; the first is the best to tell somebody
     */
    record Program(String version, Instant startedAt, String target, List<String> baseUris) {

        /** Copies the list. */
        Program {
            baseUris = List.copyOf(baseUris);
        }
    }

    /**
     * Counts since the start, and what happens now.
     *
     * @param inFlight exchanges in flight, also those that are not among the rows
     * @param verdicts answers that were read and are over
     * @param tokenEvents token events that arrived, counted as they come
     * @param requestsPerSecond over the last five seconds
     * @param tokensPerSecond over the last five seconds
     */
    record Totals(
            int inFlight,
            ProxyStats stats,
            Map<Verdict, Long> verdicts,
            long inputTokens,
            long outputTokens,
            long tokenEvents,
            double requestsPerSecond,
            double tokensPerSecond) {

        /** Copies the map. */
        Totals {
            verdicts = Map.copyOf(verdicts);
        }
    }

    /**
     * An exchange in flight.
     *
     * @param progress its exchange with texts that are bounded
     * @param tokensPerSecond token events in each of the last seconds, oldest first; empty if it has none
     */
    record Row(ExchangeProgress progress, List<Integer> tokensPerSecond) {

        /** Copies the list. */
        Row {
            tokensPerSecond = List.copyOf(tokensPerSecond);
        }

        /** How long no byte has come. */
        Duration silence() {
            return progress.timeToLastByte().map(progress.age()::minus).orElse(progress.age());
        }
    }
}
