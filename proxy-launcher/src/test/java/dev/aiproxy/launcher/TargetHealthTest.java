package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetHealthTest {

    private final TargetHealth health = new TargetHealth();

    @Test
    void isUnknownBeforeThereIsTraffic() {
        assertThat(health.report().state()).isEqualTo("unknown");
    }

    @Test
    void failsUntilItAnswers() {
        health.onEnd(failed(Outcome.UPSTREAM_FAILED, "upstream_connect_refused"));
        health.onEnd(failed(Outcome.TIMED_OUT, "upstream_first_byte_timeout"));

        assertThat(health.report().state()).isEqualTo("failing");
        assertThat(health.report().failuresInARow()).isEqualTo(2);
        assertThat(health.report().reason()).contains("upstream_first_byte_timeout");

        health.onEnd(answered(200));

        assertThat(health.report().state()).isEqualTo("answering");
        assertThat(health.report().lastFailure()).isPresent();
    }

    @Test
    void takesAnswersOfAServerInTroubleForFailures() {
        health.onEnd(answered(503));

        assertThat(health.report().reason()).contains("status 503");
    }

    @Test
    void takesRefusalsByTheAiServerForAnswers() {
        health.onEnd(answered(429));

        assertThat(health.report().state()).isEqualTo("answering");
    }

    @Test
    void learnsNothingFromWhatIsNotItsDoing() {
        health.onEnd(failed(Outcome.REFUSED, "token_required"));
        health.onEnd(failed(Outcome.CLIENT_GONE, "client_gone"));
        health.onEnd(LiveExamples.failed(
                LiveExamples.exchange(1, "http://elsewhere/v1"), Outcome.UPSTREAM_FAILED, "upstream_connect_refused"));
        health.onEnd(answeredByTheProxy(Outcome.TIMED_OUT, 408, "client_body_timeout"));
        health.onEnd(answeredByTheProxy(Outcome.SHUT_DOWN, 503, "shut_down"));

        assertThat(health.report().state()).isEqualTo("unknown");
    }

    private static ExchangeEnd answered(int status) {
        return LiveExamples.end(
                LiveExamples.exchange(1, "/v1"),
                Outcome.COMPLETED,
                Optional.of(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** While the request was on its way to the AI server. */
    private static ExchangeEnd answeredByTheProxy(Outcome outcome, int status, String code) {
        return LiveExamples.end(
                LiveExamples.exchange(1, "/v1"),
                outcome,
                Optional.of(status),
                Optional.of(code),
                Optional.empty(),
                Optional.empty());
    }

    private static ExchangeEnd failed(Outcome outcome, String code) {
        return LiveExamples.failed(LiveExamples.exchange(1, "/v1"), outcome, code);
    }
}
