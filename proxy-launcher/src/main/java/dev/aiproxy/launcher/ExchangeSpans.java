package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a span of each exchange, named and described as OpenTelemetry's conventions for HTTP servers and for generative AI
 * have it; what they have no name for begins with {@code ai_proxy}. Neither credentials nor values of the query are in it.
 * For one thread.
 */
final class ExchangeSpans {

    private static final AttributeKey<String> REQUEST_METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ORIGINAL_METHOD = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> REQUEST_SIZE = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> RESPONSE_SIZE = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<Long> STATUS_CODE = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> PROTOCOL_NAME = AttributeKey.stringKey("network.protocol.name");
    private static final AttributeKey<String> PROTOCOL_VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> RESPONSE_MODEL = AttributeKey.stringKey("gen_ai.response.model");
    private static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> OUTPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<Long> ID = AttributeKey.longKey("ai_proxy.exchange.id");
    private static final AttributeKey<String> CLIENT_NAME = AttributeKey.stringKey("ai_proxy.client.name");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("ai_proxy.outcome");
    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey("ai_proxy.verdict");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("ai_proxy.request_id");

    /** RFC 9110, RFC 5789 and RFC 10008; others are written apart, so that nobody can make up ever new ones. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

    private final Tracer tracer;
    private final SpanIds ids;
    private SpanUrl.Place listen = SpanUrl.Place.NOWHERE;

    /** @param ids what the tracer asks for names */
    ExchangeSpans(Tracer tracer, SpanIds ids) {
        this.tracer = tracer;
        this.ids = ids;
    }

    /** Where clients connect. */
    void listensAt(SpanUrl.Place place) {
        listen = place;
    }

    void make(ExchangeEnd end) {
        Exchange exchange = end.exchange();
        ids.next(TraceParents.told(exchange.trace()));
        boolean isKnown = METHODS.contains(exchange.method());
        Instant startedAt = exchange.startedAt();
        Span span = tracer.spanBuilder(isKnown ? exchange.method() : "HTTP")
                .setSpanKind(SpanKind.SERVER)
                .setParent(TraceParents.client(exchange.trace()))
                .setStartTimestamp(startedAt)
                .startSpan();
        request(span, exchange, isKnown);
        response(span, end);
        end.answer().ifPresent(answer -> answer(span, answer));
        events(span, end);
        status(span, end);
        span.end(startedAt.plus(end.duration()));
    }

    private void request(Span span, Exchange exchange, boolean isKnown) {
        span.setAttribute(REQUEST_METHOD, isKnown ? exchange.method() : "_OTHER");
        if (!isKnown && !exchange.method().equals("-")) {
            span.setAttribute(ORIGINAL_METHOD, exchange.method());
        }
        SpanUrl.of(exchange, listen).describe(span);
        span.setAttribute(CLIENT_ADDRESS, exchange.client());
        exchange.httpVersion().ifPresent(version -> {
            span.setAttribute(PROTOCOL_NAME, "http");
            span.setAttribute(PROTOCOL_VERSION, version);
        });
        span.setAttribute(ID, exchange.id());
        exchange.clientName().ifPresent(name -> span.setAttribute(CLIENT_NAME, name));
    }

    private static void response(Span span, ExchangeEnd end) {
        end.status().ifPresent(status -> span.setAttribute(STATUS_CODE, (long) status));
        span.setAttribute(REQUEST_SIZE, end.requestBytes());
        span.setAttribute(RESPONSE_SIZE, end.responseBytes());
        span.setAttribute(OUTCOME, lowerCase(end.outcome()));
        end.verdict().ifPresent(verdict -> span.setAttribute(VERDICT, lowerCase(verdict)));
        end.requestId().ifPresent(id -> span.setAttribute(REQUEST_ID, id));
    }

    private static void answer(Span span, AiAnswer answer) {
        answer.model().ifPresent(model -> span.setAttribute(RESPONSE_MODEL, model));
        answer.inputTokens().ifPresent(tokens -> span.setAttribute(INPUT_TOKENS, tokens));
        answer.outputTokens().ifPresent(tokens -> span.setAttribute(OUTPUT_TOKENS, tokens));
    }

    private static void events(Span span, ExchangeEnd end) {
        Instant startedAt = end.exchange().startedAt();
        Optional<Duration> sent =
                end.queueTime().flatMap(queued -> end.connectTime().map(queued::plus));
        event(span, "ai_proxy.request_sent", startedAt, sent);
        event(span, "ai_proxy.response_head", startedAt, end.timeToResponse());
        event(span, "ai_proxy.first_byte", startedAt, end.timeToFirstByte());
        event(span, "ai_proxy.first_token", startedAt, end.answer().flatMap(AiAnswer::timeToFirstToken));
        event(span, "ai_proxy.last_byte", startedAt, end.timeToLastByte());
    }

    private static void event(Span span, String name, Instant startedAt, Optional<Duration> after) {
        after.ifPresent(time -> span.addEvent(name, startedAt.plus(time)));
    }

    /** What the client did wrong, or did not wait for, is no error of the server that the span is of. */
    private static void status(Span span, ExchangeEnd end) {
        Optional<String> error = errorType(end);
        error.ifPresent(type -> span.setAttribute(ERROR_TYPE, type));
        boolean isServers = end.outcome() != Outcome.CLIENT_GONE
                && (end.outcome() != Outcome.REFUSED || end.status().orElse(0) >= 500);
        if (error.isPresent() && isServers) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    private static Optional<String> errorType(ExchangeEnd end) {
        return end.errorCode()
                .or(() -> end.status().filter(status -> status >= 500).map(String::valueOf))
                .or(() -> end.verdict()
                        .filter(verdict -> verdict == Verdict.NO_TERMINAL_EVENT)
                        .map(ExchangeSpans::lowerCase));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
