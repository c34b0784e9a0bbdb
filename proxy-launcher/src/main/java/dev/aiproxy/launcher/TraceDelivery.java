package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes spans and sends them to a collector. What goes wrong is told once, and so is that it works again. For one thread,
 * but for what is counted.
 */
final class TraceDelivery {

    private static final Logger logger = LoggerFactory.getLogger(TraceDelivery.class);

    /** The library would tell of each failure on the terminal. Kept here, since nobody else may keep it. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.opentelemetry");

    /** What takes longer is no matter of a moment, and is to be told. */
    private static final RetryPolicy RETRIES = RetryPolicy.builder()
            .setMaxAttempts(3)
            .setInitialBackoff(Duration.ofMillis(500))
            .setMaxBackoff(Duration.ofSeconds(2))
            .build();

    private final URI endpoint;
    private final Duration timeout;
    private final SpanExporter exporter;
    private final FinishedSpans finished;
    private final SdkTracerProvider provider;
    private final ExchangeSpans spans;
    private final AtomicLong lost = new AtomicLong();
    private volatile int underway;
    private volatile boolean isClosed;
    private boolean isFailing;

    private TraceDelivery(
            TraceSettings settings,
            SpanExporter exporter,
            FinishedSpans finished,
            SdkTracerProvider provider,
            ExchangeSpans spans) {
        this.endpoint = settings.endpoint();
        this.timeout = settings.timeout();
        this.exporter = exporter;
        this.finished = finished;
        this.provider = provider;
        this.spans = spans;
    }

    static TraceDelivery to(TraceSettings settings) {
        LIBRARY.setUseParentHandlers(false);
        FinishedSpans finished = new FinishedSpans();
        SpanIds ids = new SpanIds();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(attributes(settings))))
                .setSampler(TraceSampler.of(settings))
                .setIdGenerator(ids)
                .addSpanProcessor(finished)
                .build();
        ExchangeSpans spans = new ExchangeSpans(provider.get("dev.aiproxy"), ids);
        return new TraceDelivery(settings, exporter(settings), finished, provider, spans);
    }

    private static Attributes attributes(TraceSettings settings) {
        AttributesBuilder attributes = Attributes.builder();
        settings.resource().forEach(attributes::put);
        return attributes.build();
    }

    private static SpanExporter exporter(TraceSettings settings) {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.endpoint().toString())
                .setTimeout(settings.timeout())
                .setConnectTimeout(settings.timeout())
                .setRetryPolicy(RETRIES)
                .setMeterProvider(MeterProvider.noop());
        settings.headers().forEach(exporter::addHeader);
        return exporter.build();
    }

    /** To be told before anything is sent. */
    void listensAt(ListenAddress listen) {
        spans.listensAt(new SpanUrl.Place(
                listen.scheme(),
                IpText.of(listen.socket().getAddress()),
                listen.socket().getPort()));
    }

    /** Waits for the collector's answer. */
    void send(List<ExchangeEnd> ends) {
        underway = ends.size();
        try {
            ends.forEach(spans::make);
            List<SpanData> made = finished.take();
            if (!made.isEmpty()) {
                send(exporter.export(made), made.size());
            }
        } catch (RuntimeException | LinkageError e) {
            onFailed(ends.size(), e.toString());
        }
        underway = 0;
    }

    private void send(CompletableResultCode result, int count) {
        // The library ends by itself in time, but for what it does besides.
        result.join(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        if (!result.isSuccess()) {
            onFailed(count, TraceFailure.reason(result));
        } else if (isFailing) {
            isFailing = false;
            logger.info("traces go to {} again; {} spans are lost", endpoint, lost.get());
        }
    }

    private void onFailed(int count, String reason) {
        onLost(count);
        // What is broken off by the end is no failure of the collector.
        if (!isFailing && !isClosed) {
            isFailing = true;
            logger.warn(
                    "cannot send traces to {}: {}; the proxy goes on without, and tells when it works again",
                    endpoint,
                    reason);
        }
    }

    /** So many exchanges have no span. From any thread. */
    void onLost(int count) {
        lost.addAndGet(count);
    }

    /**
     * Sends nothing any more. From any thread.
     *
     * @param unsent how many spans have not been tried
     */
    void close(int unsent) {
        isClosed = true;
        long count = lost.get() + underway + unsent;
        if (count > 0) {
            logger.info("traces lack {} spans", count);
        }
        exporter.shutdown();
        provider.shutdown();
    }
}
