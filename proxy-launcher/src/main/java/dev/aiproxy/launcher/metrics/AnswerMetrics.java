package dev.aiproxy.launcher.metrics;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Optional;

/** Counts what could be told of AI servers' answers, by model and by client. */
final class AnswerMetrics {

    /** AI servers choose the names of models. */
    private static final int MOST_MODELS = 50;

    /** Those of tokens, which whoever runs the proxy chooses. */
    private static final int MOST_CLIENTS = 200;

    private static final String UNKNOWN = "unknown";
    private static final String INPUT = "input";
    private static final String OUTPUT = "output";

    private final BoundedNames models = new BoundedNames(MOST_MODELS);
    private final BoundedNames clients = new BoundedNames(MOST_CLIENTS);
    private final Counter answers;
    private final Counter tokens;
    private final Histogram timeToFirstToken;
    private final GapHistogram gaps;
    private final Counter clientExchanges;
    private final Counter clientTokens;

    AnswerMetrics(Meters meters) {
        answers = meters.counter(
                "answers_total", "Answers of AI servers that were read, by model and verdict.", "model", "verdict");
        tokens = meters.counter("tokens_total", "Tokens, as the AI server counts them.", "model", "direction");
        timeToFirstToken = meters.histogram(
                "time_to_first_token_seconds",
                "From the first byte of the request until the first token event of a stream arrived.",
                ExchangeMetrics.ANSWER_SECONDS,
                "model");
        gaps = meters.gaps("token_gap_seconds", "Times from one token event of a stream to the next.");
        clientExchanges = meters.counter(
                "client_exchanges_total", "Exchanges that are over, by the name of the client's token.", "client");
        clientTokens = meters.counter(
                "client_tokens_total",
                "Tokens, as the AI server counts them, by the name of the client's token.",
                "client",
                "direction");
    }

    void count(ExchangeEnd end) {
        Optional<String> client = end.exchange().clientName().map(clients::of);
        client.ifPresent(name -> clientExchanges.labelValues(name).inc());
        end.answer().ifPresent(answer -> {
            String model = models.of(answer.model().orElse(UNKNOWN));
            count(model, answer, end.verdict());
            answer.inputTokens().ifPresent(count -> countTokens(model, client, INPUT, count));
            answer.outputTokens().ifPresent(count -> countTokens(model, client, OUTPUT, count));
        });
    }

    private void count(String model, AiAnswer answer, Optional<Verdict> verdict) {
        verdict.ifPresent(judged ->
                answers.labelValues(model, ExchangeMetrics.name(judged)).inc());
        answer.timeToFirstToken()
                .ifPresent(time -> timeToFirstToken.labelValues(model).observe(ExchangeMetrics.seconds(time)));
        if (answer.tokenEvents() > 0) {
            gaps.add(model, answer.gaps());
        }
    }

    private void countTokens(String model, Optional<String> client, String direction, long count) {
        // Whatever an AI server says: a counter does not go back.
        long added = Math.max(0, count);
        tokens.labelValues(model, direction).inc(added);
        client.ifPresent(name -> clientTokens.labelValues(name, direction).inc(added));
    }
}
