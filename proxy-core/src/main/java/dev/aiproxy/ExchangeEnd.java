package dev.aiproxy;

import java.time.Duration;
import java.util.Optional;

/**
 * How one exchange ended.
 *
 * @param exchange the request
 * @param outcome how it ended
 * @param status status code sent to the client, 100 to 999; empty if no response head was sent
 * @param errorCode stable name of what went wrong, such as {@code upstream_connect_refused}, the same that the JSON
 *     error carries; empty when {@linkplain Outcome#COMPLETED completed}
 * @param requestBytes bytes of request body read from the client, framing excluded; in a tunnel, all that came from it
 * @param responseBytes bytes of response body handed to the client's connection, framing excluded; in a tunnel, all that
 *     went to it
 * @param timeToResponse from the start of the request until the response head went out; empty if none did
 * @param timeToFirstByte from the start of the request until the first byte of the response body went out; empty if
 *     none did
 * @param duration from the start of the request until the exchange was over
 */
public record ExchangeEnd(
        Exchange exchange,
        Outcome outcome,
        Optional<Integer> status,
        Optional<String> errorCode,
        long requestBytes,
        long responseBytes,
        Optional<Duration> timeToResponse,
        Optional<Duration> timeToFirstByte,
        Duration duration) {}
