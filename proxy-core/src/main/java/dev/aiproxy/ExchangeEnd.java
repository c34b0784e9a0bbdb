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
 * @param queueTime from the start of the request until a connection to the upstream was sought; empty if none was
 * @param connectTime from then until the request head was written to one, made or kept alive, TLS included; attempts that
 *     came to nothing are part of it; empty if it never was
 * @param timeToLastByte from the start of the request until the last byte of the response body went out; empty if none did
 * @param relayTime what the proxy has added to the first piece of the response body: from when it had been read from the
 *     upstream's connection until it had been handed to the client's, which takes it at once unless the client does not
 *     read; empty if there was none, and in a tunnel
 * @param requestId what the upstream calls this request: the value of its response's {@code x-request-id}, else of {@code
 *     request-id}, at most 128 characters; empty if there is none
 * @param answer what could be told of the answer by reading it; empty if it was none of an AI server's, or if {@link
 *     ForwardProxyBuilder#aiInsight} is off
 * @param verdict whether that answer was whole; there if {@code answer} is
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
        Duration duration,
        Optional<Duration> queueTime,
        Optional<Duration> connectTime,
        Optional<Duration> timeToLastByte,
        Optional<Duration> relayTime,
        Optional<String> requestId,
        Optional<AiAnswer> answer,
        Optional<Verdict> verdict) {

    /**
     * The end of an exchange of which no more is known than what the proxy itself has done.
     *
     * @param exchange see above
     * @param outcome see above
     * @param status see above
     * @param errorCode see above
     * @param requestBytes see above
     * @param responseBytes see above
     * @param timeToResponse see above
     * @param timeToFirstByte see above
     * @param duration see above
     */
    public ExchangeEnd(
            Exchange exchange,
            Outcome outcome,
            Optional<Integer> status,
            Optional<String> errorCode,
            long requestBytes,
            long responseBytes,
            Optional<Duration> timeToResponse,
            Optional<Duration> timeToFirstByte,
            Duration duration) {
        this(
                exchange,
                outcome,
                status,
                errorCode,
                requestBytes,
                responseBytes,
                timeToResponse,
                timeToFirstByte,
                duration,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
