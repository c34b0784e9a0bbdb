package dev.aiproxy.launcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import dev.aiproxy.TokenGaps;
import dev.aiproxy.Verdict;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExchangeMetricsTest {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExchangeMetrics metrics = new ExchangeMetrics(new Meters(registry));

    private List<String> scrape() {
        return PrometheusTextFormatWriter.create()
                .toDebugString(registry.scrape())
                .lines()
                .toList();
    }

    private static ExchangeEnd answered(String model, Optional<String> client) {
        return new ExchangeEnd(
                new Exchange(1, Instant.EPOCH, "192.0.2.7", client, "POST", "/v1", ""),
                Outcome.COMPLETED,
                Optional.of(200),
                Optional.empty(),
                10,
                200,
                Optional.of(Duration.ofMillis(90)),
                Optional.of(Duration.ofMillis(100)),
                Duration.ofSeconds(2),
                Optional.of(Duration.ofNanos(40_000)),
                Optional.of(Duration.ofMillis(12)),
                Optional.of(Duration.ofSeconds(2)),
                Optional.of(Duration.ofNanos(25_000)),
                Optional.empty(),
                Optional.of(new AiAnswer(
                        true,
                        Optional.of(model),
                        Optional.of(19L),
                        Optional.of(3L),
                        3,
                        Optional.of(Duration.ofMillis(412)),
                        Optional.of(Duration.ofSeconds(2)),
                        new TokenGaps(
                                List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 1L, 0L, 0L),
                                Duration.ofMillis(2_040),
                                Duration.ofMillis(2_000)))),
                Optional.of(Verdict.COMPLETE));
    }

    private static ExchangeEnd refused(int status) {
        return new ExchangeEnd(
                new Exchange(2, Instant.EPOCH, "192.0.2.7", Optional.empty(), "GET", "/", ""),
                Outcome.REFUSED,
                Optional.of(status),
                Optional.of("forward_not_allowed"),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(1));
    }

    @Test
    void countsEverythingThatIsKnownOfAnAnswer() {
        metrics.onEnd(answered("gpt-4o-mini", Optional.of("ann")));

        assertThat(scrape())
                .contains(
                        "ai_proxy_exchanges_total{outcome=\"completed\"} 1.0",
                        "ai_proxy_responses_total{code=\"200\"} 1.0",
                        "ai_proxy_request_body_bytes_total 10.0",
                        "ai_proxy_response_body_bytes_total 200.0",
                        "ai_proxy_time_to_first_byte_seconds_bucket{le=\"0.05\"} 0",
                        "ai_proxy_time_to_first_byte_seconds_bucket{le=\"0.1\"} 1",
                        "ai_proxy_exchange_duration_seconds_sum 2.0",
                        "ai_proxy_upstream_connect_seconds_bucket{le=\"0.025\"} 1",
                        "ai_proxy_added_delay_seconds_bucket{direction=\"request\",le=\"5.0E-5\"} 1",
                        "ai_proxy_added_delay_seconds_bucket{direction=\"response\",le=\"2.5E-5\"} 1",
                        "ai_proxy_answers_total{model=\"gpt-4o-mini\",verdict=\"complete\"} 1.0",
                        "ai_proxy_tokens_total{direction=\"input\",model=\"gpt-4o-mini\"} 19.0",
                        "ai_proxy_tokens_total{direction=\"output\",model=\"gpt-4o-mini\"} 3.0",
                        "ai_proxy_time_to_first_token_seconds_sum{model=\"gpt-4o-mini\"} 0.412",
                        "ai_proxy_client_exchanges_total{client=\"ann\"} 1.0",
                        "ai_proxy_client_tokens_total{client=\"ann\",direction=\"input\"} 19.0");
    }

    @Test
    void takesOverTheGapsThatHaveBeenCounted() {
        metrics.onEnd(answered("m", Optional.empty()));
        metrics.onEnd(answered("m", Optional.empty()));

        assertThat(scrape())
                .contains(
                        "ai_proxy_token_gap_seconds_bucket{model=\"m\",le=\"0.025\"} 0",
                        "ai_proxy_token_gap_seconds_bucket{model=\"m\",le=\"0.05\"} 2",
                        "ai_proxy_token_gap_seconds_bucket{model=\"m\",le=\"2.5\"} 4",
                        "ai_proxy_token_gap_seconds_bucket{model=\"m\",le=\"+Inf\"} 4",
                        "ai_proxy_token_gap_seconds_count{model=\"m\"} 4",
                        "ai_proxy_token_gap_seconds_sum{model=\"m\"} 4.08");
    }

    @Test
    void tellsWhyRequestsWereRefused() {
        metrics.onEnd(refused(403));

        assertThat(scrape())
                .contains(
                        "ai_proxy_exchanges_total{outcome=\"refused\"} 1.0",
                        "ai_proxy_failures_total{error=\"forward_not_allowed\",outcome=\"refused\"} 1.0",
                        "ai_proxy_responses_total{code=\"403\"} 1.0");
    }

    @Test
    void hasEachOutcomeFromTheBeginning() {
        for (Outcome outcome : Outcome.values()) {
            assertThat(scrape())
                    .contains("ai_proxy_exchanges_total{outcome=\"" + ExchangeMetrics.name(outcome) + "\"} 0.0");
        }
    }

    @Test
    void countsModelsBeyondTheFiftiethTogether() {
        for (int number = 1; number <= 60; number++) {
            metrics.onEnd(answered("model-" + number, Optional.empty()));
        }

        assertThat(scrape())
                .contains(
                        "ai_proxy_answers_total{model=\"model-50\",verdict=\"complete\"} 1.0",
                        "ai_proxy_answers_total{model=\"other\",verdict=\"complete\"} 10.0",
                        "ai_proxy_tokens_total{direction=\"input\",model=\"other\"} 190.0",
                        "ai_proxy_token_gap_seconds_count{model=\"other\"} 20")
                .noneMatch(line -> line.contains("model-51"));
    }

    @Test
    void countsStatusesBeyondTheFiftiethTogether() {
        for (int status = 400; status < 500; status++) {
            metrics.onEnd(refused(status));
        }

        assertThat(scrape())
                .contains("ai_proxy_responses_total{code=\"other\"} 50.0")
                .filteredOn(line -> line.startsWith("ai_proxy_responses_total{"))
                .hasSize(51);
    }
}
