package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** How soon one thing comes after another, without the time in which the machine let nobody here run. */
final class Promptness {
    private Promptness() {}

    /** Checks it of two moments, as of {@link System#nanoTime()}. */
    static void assertPrompt(long causeNanos, long effectNanos, Duration limit) {
        Duration took = Duration.ofNanos(effectNanos - causeNanos);
        Duration pauses = Pauses.within(causeNanos, effectNanos);
        assertThat(took.minus(pauses))
                .as("time it took: %s, of which the machine stood still for %s", took, pauses)
                .isLessThan(limit);
    }

    /** The same of what has come just now. */
    static void assertPrompt(long causeNanos, Duration limit) {
        assertPrompt(causeNanos, System.nanoTime(), limit);
    }

    /** Waits for the end of a connection to the upstream, which must not be later. */
    static void assertPromptEnd(RecordedConnection connection, long causeNanos, Duration limit) {
        connection.awaitEnd(Eventually.PATIENCE);
        assertPrompt(causeNanos, connection.endedAtNanos(), limit);
    }
}
