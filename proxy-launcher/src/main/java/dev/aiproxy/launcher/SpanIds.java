package dev.aiproxy.launcher;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;

/** Names spans: the next one as the AI server was told, if it was told, all others by chance. For one thread. */
final class SpanIds implements IdGenerator {

    private final IdGenerator random = IdGenerator.random();
    private SpanContext next = SpanContext.getInvalid();

    /** @param told invalid if the next span is to be named by chance */
    void next(SpanContext told) {
        next = told;
    }

    @Override
    public String generateTraceId() {
        return next.isValid() ? next.getTraceId() : random.generateTraceId();
    }

    @Override
    public String generateSpanId() {
        return next.isValid() ? next.getSpanId() : random.generateSpanId();
    }
}
