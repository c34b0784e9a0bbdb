package dev.aiproxy.launcher.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/** Makes metrics of the proxy: each has the prefix, help, and is registered. */
final class Meters {

    private static final String PREFIX = "ai_proxy_";

    private final PrometheusRegistry registry;

    Meters(PrometheusRegistry registry) {
        this.registry = registry;
    }

    PrometheusRegistry registry() {
        return registry;
    }

    Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /** In seconds. */
    Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
        // Buckets that every Prometheus of today can take; native ones cost memory for each label, and few scrape them.
        return Histogram.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
    }

    GapHistogram gaps(String name, String help) {
        GapHistogram gaps = new GapHistogram(PREFIX + name, help);
        registry.register(gaps);
        return gaps;
    }

    /** Counted elsewhere, and looked up at each scrape. */
    void counter(String name, String help, LongSupplier count) {
        CounterWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .callback(callback -> callback.call(count.getAsLong()))
                .register(registry);
    }

    void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsLong()))
                .register(registry);
    }
}
