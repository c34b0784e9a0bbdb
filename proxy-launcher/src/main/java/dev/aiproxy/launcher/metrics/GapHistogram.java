package dev.aiproxy.launcher.metrics;

import dev.aiproxy.TokenGaps;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;

/**
 * A histogram of gaps between token events that takes what {@link TokenGaps} has counted already: Prometheus' own can only
 * be told of one gap after another. For any threads.
 */
final class GapHistogram implements Collector {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] UPPER_BOUNDS = DoubleStream.concat(
                    TokenGaps.UPPER_BOUNDS.stream().mapToDouble(bound -> bound.toNanos() / NANOS_PER_SECOND),
                    DoubleStream.of(Double.POSITIVE_INFINITY))
            .toArray();

    private final String name;
    private final String help;
    private final Map<String, Sums> models = new ConcurrentHashMap<>();

    GapHistogram(String name, String help) {
        this.name = name;
        this.help = help;
    }

    void add(String model, TokenGaps gaps) {
        models.computeIfAbsent(model, any -> new Sums()).add(gaps);
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(help);
        models.forEach((model, sums) -> snapshot.dataPoint(sums.snapshot(model)));
        return snapshot.build();
    }

    @Override
    public MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.histogram(name)
                .help(help)
                .labelNames("model")
                .build();
    }

    private static final class Sums {

        private final long[] counts = new long[UPPER_BOUNDS.length];
        private long totalNanos;

        synchronized void add(TokenGaps gaps) {
            List<Long> added = gaps.counts();
            for (int i = 0; i < counts.length; i++) {
                counts[i] += added.get(i);
            }
            totalNanos += gaps.total().toNanos();
        }

        synchronized HistogramDataPointSnapshot snapshot(String model) {
            return HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("model", model))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(UPPER_BOUNDS, counts))
                    .sum(totalNanos / NANOS_PER_SECOND)
                    .build();
        }
    }
}
