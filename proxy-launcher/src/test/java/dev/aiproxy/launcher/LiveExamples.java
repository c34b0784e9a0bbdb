package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.Outcome;
import dev.aiproxy.ProxyStats;
import dev.aiproxy.TokenGaps;
import dev.aiproxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Exchanges as a {@link LiveView} meets them, and a snapshot with some of everything. */
final class LiveExamples {

    static final Instant NOW = Instant.parse("2026-11-23T09:08:07.006Z");

    private LiveExamples() {}

    static Exchange exchange(long id, String path) {
        return new Exchange(id, NOW.minusSeconds(20), "192.0.2.7", Optional.empty(), "POST", path, "");
    }

    /** A stream so far, with as many gaps of 20 ms as there are between its tokens. */
    static AiAnswer answer(long tokenEvents) {
        List<Long> gaps = new ArrayList<>(Collections.nCopies(TokenGaps.UPPER_BOUNDS.size() + 1, 0L));
        gaps.set(1, Math.max(0, tokenEvents - 1));
        return new AiAnswer(
                true,
                Optional.of("gpt-5-mini"),
                Optional.of(19L),
                Optional.empty(),
                tokenEvents,
                Optional.of(Duration.ofMillis(412)).filter(time -> tokenEvents > 0),
                Optional.of(Duration.ofMillis(800)).filter(time -> tokenEvents > 0),
                new TokenGaps(gaps, Duration.ofMillis(20 * tokenEvents), Duration.ofMillis(20)));
    }

    static ExchangeProgress progress(Exchange exchange, Optional<AiAnswer> answer) {
        return new ExchangeProgress(
                exchange,
                Duration.ofSeconds(20),
                Optional.of(200),
                512,
                20_480,
                Optional.of(Duration.ofMillis(1)),
                Optional.of(Duration.ofMillis(12)),
                Optional.of(Duration.ofMillis(410)),
                Optional.of(Duration.ofMillis(19_750)),
                answer);
    }

    static ExchangeEnd end(
            Exchange exchange,
            Outcome outcome,
            Optional<Integer> status,
            Optional<String> code,
            Optional<AiAnswer> answer,
            Optional<Verdict> verdict) {
        return new ExchangeEnd(
                exchange,
                outcome,
                status,
                code,
                512,
                20_480,
                Optional.of(Duration.ofMillis(400)),
                Optional.of(Duration.ofMillis(410)),
                Duration.ofMillis(8_123),
                Optional.of(Duration.ofMillis(1)),
                status.map(any -> Duration.ofMillis(12)),
                Optional.of(Duration.ofMillis(8_120)),
                Optional.empty(),
                Optional.empty(),
                answer,
                verdict);
    }

    static ExchangeEnd completed(Exchange exchange, AiAnswer answer) {
        return end(
                exchange,
                Outcome.COMPLETED,
                Optional.of(200),
                Optional.empty(),
                Optional.of(answer),
                Optional.of(Verdict.COMPLETE));
    }

    static ExchangeEnd failed(Exchange exchange, Outcome outcome, String code) {
        return end(exchange, outcome, Optional.empty(), Optional.of(code), Optional.empty(), Optional.empty());
    }

    static ProxyStats stats(long requests, long completed, long failed) {
        Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            ended.put(outcome, 0L);
        }
        ended.put(Outcome.COMPLETED, completed);
        ended.put(Outcome.UPSTREAM_FAILED, failed);
        return new ProxyStats(requests, ended, 3, 1);
    }

    /** Two streams, one of which says something wicked, two ends, two steps. */
    static LiveSnapshot snapshot() {
        Exchange named = new Exchange(
                42, NOW.minusSeconds(20), "192.0.2.7", Optional.of("ann"), "POST", "/v1/chat/completions", "?key=");
        Exchange wicked = exchange(43, "/v1/\u001b[2J\u202e<img src=x onerror=alert(1)>");
        return new LiveSnapshot(
                NOW,
                new LiveSnapshot.Program(
                        "0.1.0",
                        NOW.minusSeconds(11_530),
                        "https://api.openai.com:443",
                        List.of("http://localhost:8080", "http://192.0.2.1:8080")),
                new LiveSnapshot.Totals(
                        202,
                        stats(1_204, 1_000, 2),
                        Map.of(Verdict.COMPLETE, 990L),
                        12_000,
                        345_678,
                        400_000,
                        3.24,
                        250),
                List.of(
                        new LiveSnapshot.Row(progress(named, Optional.of(answer(1_234))), List.of(0, 5, 10, 20)),
                        new LiveSnapshot.Row(progress(wicked, Optional.empty()), List.of())),
                List.of(
                        failed(
                                exchange(41, "/v1/chat/completions"),
                                Outcome.UPSTREAM_FAILED,
                                "upstream_connect_refused"),
                        completed(exchange(40, "/v1/chat/completions"), answer(300))),
                List.of(
                        new HistoryStep(
                                NOW.minusSeconds(7),
                                16,
                                15,
                                1,
                                1_250,
                                202,
                                Optional.of(new Percentiles(412, 900, 1_200)),
                                Optional.of(new Percentiles(20, 45, 130))),
                        new HistoryStep(NOW.minusSeconds(2), 0, 0, 0, 0, 202, Optional.empty(), Optional.empty())),
                new TargetHealth.Report(
                        Optional.of(NOW.minusSeconds(90)),
                        Optional.of(NOW.minusSeconds(12)),
                        Optional.of("upstream_connect_refused"),
                        2),
                List.of(
                        new ConfigCommand.ShownSetting("TARGET_HOST", "api.openai.com", "default"),
                        new ConfigCommand.ShownSetting("TARGET_API_KEY", "***", "environment")));
    }
}
