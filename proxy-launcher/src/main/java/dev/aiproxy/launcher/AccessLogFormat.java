package dev.aiproxy.launcher;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

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
 * </table>
 *
 * <p>In text, the fields stand in this order with one space between them, and {@code -} for what is not there; no field
 * has a space in it, and {@code clientName} stands behind {@code client} and a slash. In JSON, what is not there is left out.
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
                    Long.toString(end.duration().toMillis()));
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
            return line.number("durationMs", end.duration().toMillis()).toString();
        }
    };

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** One line, without a line break. */
    abstract String line(ExchangeEnd end);

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String client(Exchange exchange) {
        return exchange.client() + exchange.clientName().map(name -> "/" + name).orElse("");
    }

    /** A target in absolute form may carry a password in its authority; one that begins with a slash cannot. */
    private static String path(Exchange exchange) {
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
