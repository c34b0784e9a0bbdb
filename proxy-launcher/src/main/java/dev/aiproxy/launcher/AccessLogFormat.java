package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.TokenGaps;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How {@code access.log} tells of an exchange, in one line.
 *
 * <table>
 * <caption>Fields, in this order</caption>
 * <tr><th>JSON name</th><th>meaning</th></tr>
 * <tr><td>time</td><td>when the request began to arrive: ISO 8601, UTC, milliseconds</td></tr>
 * <tr><td>id</td><td>number of the exchange since the proxy started</td></tr>
 * <tr><td>client</td><td>address of the client</td></tr>
 * <tr><td>clientName</td><td>name of the token that the client has shown, if any was asked for</td></tr>
 * <tr><td>method</td><td>as the client wrote it</td></tr>
 * <tr><td>path</td><td>as the client wrote it; of the query, only the names</td></tr>
 * <tr><td>status</td><td>status code sent to the client, if any</td></tr>
 * <tr><td>outcome</td><td>{@link dev.aiproxy.Outcome} in lower case</td></tr>
 * <tr><td>error</td><td>stable name of what went wrong, if anything</td></tr>
 * <tr><td>requestBytes</td><td>bytes of request body</td></tr>
 * <tr><td>responseBytes</td><td>bytes of response body</td></tr>
 * <tr><td>firstByteMs</td><td>milliseconds until the first byte of response body went out, if any did</td></tr>
 * <tr><td>durationMs</td><td>milliseconds until the exchange was over</td></tr>
 * <tr><td>more</td><td>what {@link #more} adds, each by its name</td></tr>
 * </table>
 *
 * <p>In text, the fields stand in this order with one space between them, and {@code -} for what is not there; no field
 * has a space in it, and {@code clientName} stands behind {@code client} and a slash. What is more follows as {@code
 * name=value}, as far as it is there. In JSON, what is not there is left out.
 */
enum AccessLogFormat {
    TEXT {
        @Override
        String line(ExchangeEnd end) {
            Exchange exchange = end.exchange();
            return String.join(
                    " ",
                    time(exchange.startedAt()),
                    Long.toString(exchange.id()),
                    word(client(exchange)),
                    word(exchange.method()),
                    word(path(exchange)),
                    orDash(end.status()),
                    outcome(end),
                    orDash(end.errorCode()),
                    Long.toString(end.requestBytes()),
                    Long.toString(end.responseBytes()),
                    orDash(end.timeToFirstByte().map(Duration::toMillis)),
                    Long.toString(end.duration().toMillis())
                            + more(end).entrySet().stream()
                                    .map(field -> " " + field.getKey() + "="
                                            + word(field.getValue().toString()))
                                    .collect(Collectors.joining()));
        }
    },

    JSON {
        @Override
        String line(ExchangeEnd end) {
            Exchange exchange = end.exchange();
            JsonObject line = new JsonObject()
                    .text("time", time(exchange.startedAt()))
                    .number("id", exchange.id())
                    .text("client", exchange.client());
            exchange.clientName().ifPresent(name -> line.text("clientName", name));
            line.text("method", exchange.method()).text("path", path(exchange));
            end.status().ifPresent(status -> line.number("status", status));
            line.text("outcome", outcome(end));
            end.errorCode().ifPresent(code -> line.text("error", code));
            line.number("requestBytes", end.requestBytes()).number("responseBytes", end.responseBytes());
            end.timeToFirstByte().ifPresent(wait -> line.number("firstByteMs", wait.toMillis()));
            line.number("durationMs", end.duration().toMillis());
            more(end).forEach((name, value) -> {
                if (value instanceof Long number) {
                    line.number(name, number);
                } else {
                    line.text(name, value.toString());
                }
            });
            return line.toString();
        }
    };

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** One line, without a line break. */
    abstract String line(ExchangeEnd end);

    /** What is there of the answer and of the way to it, in this order; texts and {@link Long}s. */
    private static Map<String, Object> more(ExchangeEnd end) {
        Map<String, Object> more = new LinkedHashMap<>();
        end.verdict().ifPresent(verdict -> more.put("verdict", verdict.name().toLowerCase(Locale.ROOT)));
        Optional<AiAnswer> answer = end.answer();
        answer.flatMap(AiAnswer::model).ifPresent(model -> more.put("model", model));
        answer.flatMap(AiAnswer::inputTokens).ifPresent(tokens -> more.put("inputTokens", tokens));
        answer.flatMap(AiAnswer::outputTokens).ifPresent(tokens -> more.put("outputTokens", tokens));
        answer.filter(AiAnswer::streamed).ifPresent(stream -> more.put("tokenEvents", stream.tokenEvents()));
        putMillis(more, "firstTokenMs", answer.flatMap(AiAnswer::timeToFirstToken));
        putMillis(
                more,
                "longestGapMs",
                answer.map(AiAnswer::gaps).filter(AccessLogFormat::isAny).map(TokenGaps::longest));
        putMillis(more, "queueMs", end.queueTime());
        putMillis(more, "connectMs", end.connectTime());
        putMillis(more, "lastByteMs", end.timeToLastByte());
        end.requestId().ifPresent(id -> more.put("requestId", id));
        return more;
    }

    private static boolean isAny(TokenGaps gaps) {
        return gaps.count() > 0;
    }

    private static void putMillis(Map<String, Object> more, String name, Optional<Duration> time) {
        time.ifPresent(duration -> more.put(name, duration.toMillis()));
    }

    static String time(Instant instant) {
        // By hand, since the formatter calculates fractions in decimals of any size.
        int millis = instant.getNano() / 1_000_000;
        return SECONDS.format(instant) + "." + Integer.toString(1000 + millis).substring(1) + "Z";
    }

    private static String client(Exchange exchange) {
        return exchange.client() + exchange.clientName().map(name -> "/" + name).orElse("");
    }

    /** A target in absolute form may carry a password in its authority; one that begins with a slash cannot. */
    static String path(Exchange exchange) {
        String path = exchange.path().startsWith("/") ? exchange.path() : Shown.withoutUserInfo(exchange.path());
        return path + exchange.query();
    }

    private static String outcome(ExchangeEnd end) {
        return end.outcome().name().toLowerCase(Locale.ROOT);
    }

    private static String orDash(Optional<?> value) {
        return value.map(Object::toString).orElse("-");
    }

    private static String word(String text) {
        return text.isEmpty() ? "-" : Shown.oneLine(text).replace(" ", "\\x20");
    }
}
