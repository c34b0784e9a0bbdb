package dev.aiproxy.it;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The bridge of docs/observability.md, word for word. */
// example begins
final class MicrometerBridge implements ExchangeListener {
    private final MeterRegistry registry;
    private final AtomicLong inFlight = new AtomicLong();

    MicrometerBridge(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("ai.proxy.in.flight", inFlight);
    }

    @Override
    public void onRequest(Exchange exchange) {
        inFlight.incrementAndGet();
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        inFlight.decrementAndGet();
        registry.timer("ai.proxy.exchanges", "outcome", tag(end.outcome())).record(end.duration());
        end.answer().ifPresent(answer -> onAnswer(answer, end.verdict().orElseThrow()));
    }

    private void onAnswer(AiAnswer answer, Verdict verdict) {
        // The AI server chooses this text: behind one that is not yours, map it to the few names you know.
        Tags model = Tags.of("model", answer.model().orElse("unknown"));
        registry.counter("ai.proxy.answers", model.and("verdict", tag(verdict))).increment();
        answer.timeToFirstToken()
                .ifPresent(time -> registry.timer("ai.proxy.first.token", model).record(time));
        answer.inputTokens().ifPresent(count -> tokens(model.and("kind", "input"), count));
        answer.outputTokens().ifPresent(count -> tokens(model.and("kind", "output"), count));
    }

    private void tokens(Tags tags, long count) {
        registry.counter("ai.proxy.tokens", tags).increment(count);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
// example ends
