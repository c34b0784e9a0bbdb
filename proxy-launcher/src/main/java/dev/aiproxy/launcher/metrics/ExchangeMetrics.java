package dev.aiproxy.launcher.metrics;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Outcome;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts exchanges when they are over: a handful of additions for each, and nothing while bytes pass. */
final class ExchangeMetrics implements ExchangeListener {

    /** An upstream may answer with any status of three digits. */
    private static final int MOST_STATUSES = 50;

    /** From what a model on the same machine takes to what one takes that thinks first. */
    static final double[] ANSWER_SECONDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};

    /** From what a warm proxy takes, tens of microseconds, to what its users would notice. */
    private static final double[] DELAY_SECONDS = {
        0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1
    };

    /** Kept alive, in the same house, across an ocean, after lost packets. */
    private static final double[] CONNECT_SECONDS = {0.000_5, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10
    };

    private static final double[] DURATION_SECONDS = {0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600};

    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<Outcome, CounterDataPoint> outcomes = new EnumMap<>(Outcome.class);
    private final BoundedNames statuses = new BoundedNames(MOST_STATUSES);
    private final Counter responses;
    private final Counter failures;
    private final Counter requestBytes;
    private final Counter responseBytes;
    private final Histogram timeToFirstByte;
    private final Histogram duration;
    private final Histogram connectTime;
    private final DistributionDataPoint requestDelay;
    private final DistributionDataPoint responseDelay;
    private final AnswerMetrics answers;

    ExchangeMetrics(Meters meters) {
        Counter exchanges = meters.counter("exchanges_total", "Exchanges that are over, by outcome.", "outcome");
        for (Outcome outcome : Outcome.values()) {
            // There from the beginning, so that the first of its kind is an increase.
            outcomes.put(outcome, exchanges.labelValues(name(outcome)));
        }
        responses = meters.counter("responses_total", "Response heads sent to clients, by status code.", "code");
        failures = meters.counter(
                "failures_total", "Exchanges that did not complete, by outcome and error code.", "outcome", "error");
        requestBytes = meters.counter(
                "request_body_bytes_total", "Bytes of request bodies of exchanges that are over, without framing.");
        responseBytes = meters.counter(
                "response_body_bytes_total", "Bytes of response bodies of exchanges that are over, without framing.");
        timeToFirstByte = meters.histogram(
                "time_to_first_byte_seconds",
                "From the first byte of the request until the first byte of the response body went out.",
                ANSWER_SECONDS);
        duration = meters.histogram(
                "exchange_duration_seconds",
                "From the first byte of the request until the exchange was over.",
                DURATION_SECONDS);
        connectTime = meters.histogram(
                "upstream_connect_seconds",
                "From when a connection to the AI server was sought until the request head was written to one, made or"
                        + " kept alive, TLS included.",
                CONNECT_SECONDS);
        Histogram delay = meters.histogram(
                "added_delay_seconds",
                "What the proxy itself adds. Direction request: from the first byte of the request until a connection was"
                        + " sought, so the arrival of its head is part of it. Direction response: from when the first piece"
                        + " of the body had been read from the AI server's connection until the client's connection had"
                        + " taken it.",
                DELAY_SECONDS,
                "direction");
        requestDelay = delay.labelValues("request");
        responseDelay = delay.labelValues("response");
        answers = new AnswerMetrics(meters);
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        String outcome = name(end.outcome());
        end.status()
                .ifPresent(status ->
                        responses.labelValues(statuses.of(status.toString())).inc());
        end.errorCode().ifPresent(error -> failures.labelValues(outcome, error).inc());
        requestBytes.inc(end.requestBytes());
        responseBytes.inc(end.responseBytes());
        end.timeToFirstByte().ifPresent(time -> timeToFirstByte.observe(seconds(time)));
        duration.observe(seconds(end.duration()));
        end.connectTime().ifPresent(time -> connectTime.observe(seconds(time)));
        end.queueTime().ifPresent(time -> requestDelay.observe(seconds(time)));
        end.relayTime().ifPresent(time -> responseDelay.observe(seconds(time)));
        answers.count(end);
        // Last, so that whoever sees an exchange counted here sees all of it.
        outcomes.get(end.outcome()).inc();
    }

    /** As in the access log. */
    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }
}
