package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How the AI server does, as far as the traffic tells; nothing is sent to find out. Safe for any threads.
 *
 * <p>An answer with a status below 500 is a success if it is whole, or if its client did not wait for the rest. Whatever is
 * the AI server's doing else is a failure. All the rest says nothing about it.
 */
final class TargetHealth {

    private static final int SERVER_ERROR = 500;
    private static final String UPSTREAM = "upstream_";

    /** With any other one, the status may be that of an error of the proxy's own. */
    private static final Set<Outcome> ANSWERED =
            EnumSet.of(Outcome.COMPLETED, Outcome.CLIENT_GONE, Outcome.UPSTREAM_CUT);

    private Optional<Instant> lastSuccess = Optional.empty();
    private Optional<Instant> lastFailure = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private long failuresInARow;

    /**
     * What is known of it.
     *
     * @param lastSuccess when it last answered
     * @param lastFailure when it last failed
     * @param reason how it last failed: a code of the failures, or a status
     * @param failuresInARow how often it has failed since it last answered
     */
    record Report(
            Optional<Instant> lastSuccess,
            Optional<Instant> lastFailure,
            Optional<String> reason,
            long failuresInARow) {

        /** One word: {@code unknown}, {@code failing} or {@code answering}. */
        String state() {
            if (failuresInARow > 0) {
                return "failing";
            }
            return lastSuccess.isPresent() ? "answering" : "unknown";
        }
    }

    void onEnd(ExchangeEnd end) {
        // Another host that the client has named is not the target.
        if (!end.exchange().path().startsWith("/")) {
            return;
        }
        Instant at = end.exchange().startedAt().plus(end.duration());
        Optional<String> failure = failure(end);
        if (failure.isPresent()) {
            failed(at, failure);
        } else if (hasAnswered(end)) {
            answered(at);
        }
    }

    private static Optional<String> failure(ExchangeEnd end) {
        Optional<String> code = end.errorCode().filter(text -> text.startsWith(UPSTREAM));
        return code.or(() -> end.status()
                .filter(status -> status >= SERVER_ERROR && hasAnswered(end))
                .map(status -> "status " + status));
    }

    private static boolean hasAnswered(ExchangeEnd end) {
        return ANSWERED.contains(end.outcome())
                && end.status().isPresent()
                && end.connectTime().isPresent();
    }

    private synchronized void failed(Instant at, Optional<String> why) {
        lastFailure = Optional.of(at);
        reason = why;
        failuresInARow++;
    }

    private synchronized void answered(Instant at) {
        lastSuccess = Optional.of(at);
        failuresInARow = 0;
    }

    synchronized Report report() {
        return new Report(lastSuccess, lastFailure, reason, failuresInARow);
    }
}
