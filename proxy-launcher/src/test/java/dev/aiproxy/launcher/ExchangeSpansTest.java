package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import dev.aiproxy.TokenGaps;
import dev.aiproxy.TraceContext;
import dev.aiproxy.Verdict;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a span says of an exchange; TraceIT sees them arrive. */
final class ExchangeSpansTest {

    private static final Instant TIME = Instant.parse("2026-11-01T10:15:30.123456789Z");
    private static final String CLIENTS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String TOLD = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    private final FinishedSpans finished = new FinishedSpans();
    private final SpanIds ids = new SpanIds();
    private final ExchangeSpans spans = new ExchangeSpans(
            SdkTracerProvider.builder()
                    .setIdGenerator(ids)
                    .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                    .addSpanProcessor(finished)
                    .build()
                    .get("test"),
            ids);

    private static Exchange exchange(String method, String path, TraceContext trace) {
        return new Exchange(7, TIME, "192.0.2.7", Optional.of("ann"), method, path, "?key=", Optional.of("1.1"), trace);
    }

    private static ExchangeEnd end(Exchange exchange, Outcome outcome, int status, String error, Verdict verdict) {
        AiAnswer answer = new AiAnswer(
                true,
                Optional.of("gpt"),
                Optional.of(3L),
                Optional.of(5L),
                5,
                Optional.of(Duration.ofMillis(40)),
                Optional.of(Duration.ofMillis(50)),
                new TokenGaps(Collections.nCopies(10, 0L), Duration.ZERO, Duration.ZERO));
        return new ExchangeEnd(
                exchange,
                outcome,
                status == 0 ? Optional.empty() : Optional.of(status),
                Optional.ofNullable(error),
                10,
                20,
                Optional.of(Duration.ofMillis(30)),
                Optional.of(Duration.ofMillis(35)),
                Duration.ofMillis(60),
                Optional.of(Duration.ofMillis(1)),
                Optional.of(Duration.ofMillis(2)),
                Optional.of(Duration.ofMillis(55)),
                Optional.empty(),
                Optional.of("req_1"),
                verdict == null ? Optional.empty() : Optional.of(answer),
                Optional.ofNullable(verdict));
    }

    private SpanData made(ExchangeEnd end) {
        spans.make(end);
        return finished.take().get(0);
    }

    private static String text(SpanData span, String attribute) {
        Object value = span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(attribute))
                .findFirst()
                .map(java.util.Map.Entry::getValue)
                .orElse(null);
        return value == null ? null : value.toString();
    }

    @Test
    void tellsWhenItWas() {
        SpanData span =
                made(end(exchange("POST", "/v1", TraceContext.NONE), Outcome.COMPLETED, 200, null, Verdict.COMPLETE));

        long begin = TIME.getEpochSecond() * 1_000_000_000 + TIME.getNano();
        assertThat(span.getStartEpochNanos()).isEqualTo(begin);
        assertThat(span.getEndEpochNanos()).isEqualTo(begin + 60_000_000);
        assertThat(span.getEvents())
                .extracting(event -> event.getName() + " " + (event.getEpochNanos() - begin) / 1_000_000)
                .containsExactly(
                        "ai_proxy.request_sent 3",
                        "ai_proxy.response_head 30",
                        "ai_proxy.first_byte 35",
                        "ai_proxy.first_token 40",
                        "ai_proxy.last_byte 55");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("ai_proxy.client.name")))
                .isEqualTo("ann");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("ai_proxy.request_id")))
                .isEqualTo("req_1");
        assertThat(span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.output_tokens")))
                .isEqualTo(5);
        assertThat(span.toString()).doesNotContain("key=");
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, 200, , COMPLETE, UNSET, ",
        "COMPLETED, 200, , , UNSET, ",
        "COMPLETED, 200, , NO_TERMINAL_EVENT, ERROR, no_terminal_event",
        "COMPLETED, 404, , , UNSET, ",
        "COMPLETED, 500, , , ERROR, 500",
        "CLIENT_GONE, 0, client_gone, , UNSET, client_gone",
        "REFUSED, 403, forward_not_allowed, , UNSET, forward_not_allowed",
        "REFUSED, 503, too_many_streams, , ERROR, too_many_streams",
        "UPSTREAM_FAILED, 502, upstream_connect_refused, , ERROR, upstream_connect_refused",
        "UPSTREAM_CUT, 200, upstream_cut, UPSTREAM_CUT, ERROR, upstream_cut",
        "TIMED_OUT, 504, upstream_first_byte_timeout, , ERROR, upstream_first_byte_timeout",
        "SHUT_DOWN, 200, shut_down, SHUT_DOWN, ERROR, shut_down"
    })
    void takesForAnErrorWhatIsTheServers(
            Outcome outcome, int status, String error, Verdict verdict, StatusCode code, String type) {
        SpanData span = made(end(exchange("POST", "/v1", TraceContext.NONE), outcome, status, error, verdict));

        assertThat(span.getStatus().getStatusCode()).isEqualTo(code);
        assertThat(text(span, "error.type")).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /a%2Fb, GET, GET, , http, 127.0.0.1, 8080, /a%2Fb",
        "BREW, /, HTTP, _OTHER, BREW, http, 127.0.0.1, 8080, /",
        "OPTIONS, *, OPTIONS, OPTIONS, , http, 127.0.0.1, 8080, ",
        "GET, https://a.example:444/v1, GET, GET, , https, a.example, 444, /v1",
        "GET, http://me:s3cret@a.example/v1, GET, GET, , http, a.example, , /v1",
        "CONNECT, a.example:443, CONNECT, CONNECT, , , a.example, 443, ",
        "CONNECT, [::1]:443, CONNECT, CONNECT, , , [::1], 443, ",
        "GET, 'http://a b/', GET, GET, , , , , ",
        "-, -, HTTP, _OTHER, , http, 127.0.0.1, 8080, "
    })
    void namesWhatWasAskedForAndOfWhom(
            String method,
            String path,
            String name,
            String known,
            String original,
            String scheme,
            String host,
            String port,
            String urlPath) {
        spans.listensAt(new SpanUrl.Place("http", "127.0.0.1", 8080));

        SpanData span =
                made(end(exchange(method, path, TraceContext.NONE), Outcome.COMPLETED, 200, null, Verdict.COMPLETE));

        assertThat(span.getName()).isEqualTo(name);
        assertThat(text(span, "http.request.method")).isEqualTo(known);
        assertThat(text(span, "http.request.method_original")).isEqualTo(original);
        assertThat(text(span, "url.scheme")).isEqualTo(scheme);
        assertThat(text(span, "server.address")).isEqualTo(host);
        assertThat(text(span, "server.port")).isEqualTo(port);
        assertThat(text(span, "url.path")).isEqualTo(urlPath);
    }

    @Test
    void isWhatTheAiServerWasTold() {
        TraceContext trace = new TraceContext(Optional.of(CLIENTS), Optional.empty(), Optional.of(TOLD));

        SpanData span = made(end(exchange("GET", "/", trace), Outcome.COMPLETED, 200, null, null));

        assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(span.getSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void leavesOutWhatTheClientDoesNotSample() {
        TraceContext trace =
                new TraceContext(Optional.of(CLIENTS.replaceAll("01$", "00")), Optional.empty(), Optional.empty());

        spans.make(end(exchange("GET", "/", trace), Outcome.COMPLETED, 200, null, null));

        assertThat(finished.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 01", "0, 00"})
    void tellsTheAiServerWhatTheSamplerDecides(double ratio, String flags) {
        TraceParents parents = new TraceParents(Sampler.traceIdRatioBased(ratio));

        String told = parents.forwarded(TraceContext.NONE);

        assertThat(told).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-" + flags);
        assertThat(told).isNotEqualTo(parents.forwarded(TraceContext.NONE));
    }
}
