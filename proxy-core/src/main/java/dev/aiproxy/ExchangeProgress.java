package dev.aiproxy;

import java.time.Duration;
import java.util.Optional;

/**
 * How far an exchange in flight has come: a snapshot. What means the same as in {@link ExchangeEnd} has the same name.
 *
 * @param exchange the request
 * @param age from the start of the request until now
 * @param status status code sent to the client; empty if no response head has been sent yet
 * @param requestBytes bytes of request body read so far
 * @param responseBytes bytes of response body handed to the client's connection so far
 * @param queueTime from the start of the request until a connection was sought; empty if none has been yet
 * @param connectTime from then until the request head was written to one; empty if it has not been yet
 * @param timeToFirstByte until the first byte of the response body went out; empty if none has yet
 * @param timeToLastByte until the last byte so far went out, so that {@code age} less this is how long it has been silent
 * @param answer what is known of the answer by now; empty if nothing is
 */
public record ExchangeProgress(
        Exchange exchange,
        Duration age,
        Optional<Integer> status,
        long requestBytes,
        long responseBytes,
        Optional<Duration> queueTime,
        Optional<Duration> connectTime,
        Optional<Duration> timeToFirstByte,
        Optional<Duration> timeToLastByte,
        Optional<AiAnswer> answer) {}
