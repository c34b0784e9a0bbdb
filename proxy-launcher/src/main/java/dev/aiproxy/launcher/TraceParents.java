package dev.aiproxy.launcher;

import dev.aiproxy.TraceContext;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is whose parent in a trace: the client's span that of the proxy, and that one the AI server's. For any threads. */
final class TraceParents {

    private final IdGenerator ids = IdGenerator.random();
    private final Sampler sampler;

    /** @param sampler decides by the trace alone, so that it can be asked again when the span is made */
    TraceParents(Sampler sampler) {
        this.sampler = sampler;
    }

    /** What the client says of its span; nothing if that is malformed. */
    static Context client(TraceContext trace) {
        if (trace.traceparent().isEmpty()) {
            return Context.root();
        }
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), trace, Fields.INSTANCE);
    }

    /** The span that the AI server was told of; invalid if it was told nothing. */
    static SpanContext told(TraceContext trace) {
        return trace.forwarded()
                .map(sent -> SpanContext.create(
                        sent.substring(3, 35),
                        sent.substring(36, 52),
                        TraceFlags.fromHex(sent, 53),
                        TraceState.getDefault()))
                .orElseGet(SpanContext::getInvalid);
    }

    /** What to tell the AI server of the proxy's span, which is made when the exchange is over. */
    String forwarded(TraceContext trace) {
        Context parent = client(trace);
        SpanContext client = Span.fromContext(parent).getSpanContext();
        String traceId = client.isValid() ? client.getTraceId() : ids.generateTraceId();
        SamplingDecision decision = sampler.shouldSample(
                        parent, traceId, "", SpanKind.SERVER, Attributes.empty(), List.of())
                .getDecision();
        String flags = decision == SamplingDecision.RECORD_AND_SAMPLE ? "01" : "00";
        return "00-" + traceId + "-" + ids.generateSpanId() + "-" + flags;
    }

    /** Reads the fields of a request. */
    private enum Fields implements TextMapGetter<TraceContext> {
        INSTANCE;

        @Override
        public @Nullable String get(@Nullable TraceContext trace, String key) {
            if (trace == null) {
                return null;
            }
            return switch (key) {
                case "traceparent" -> trace.traceparent().orElse(null);
                case "tracestate" -> trace.tracestate().orElse(null);
                default -> null;
            };
        }
    }
}
