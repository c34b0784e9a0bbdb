package dev.aiproxy.launcher.metrics;

import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.UpstreamConnections;
import dev.aiproxy.launcher.admin.AdminPage;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryPoolAllocationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmNativeMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The metrics of one proxy. What goes on often is counted as it goes on, the rest is looked up at each scrape. */
public final class Metrics {

    private final Meters meters;
    private final ExchangeMetrics exchanges;
    private final Counter reloads;

    private Metrics(Meters meters) {
        this.meters = meters;
        this.exchanges = new ExchangeMetrics(meters);
        this.reloads = meters.counter("config_reloads_total", "Reloads of the settings, by result.", "result");
    }

    /** @param version of this program */
    public static Metrics of(String version) {
        Metrics metrics = new Metrics(new Meters(new PrometheusRegistry()));
        metrics.reloads.initLabelValues("ok");
        metrics.reloads.initLabelValues("refused");
        Info build = Info.builder()
                .name("ai_proxy_build_info")
                .help("Always 1; which program this is, and which Java runs it.")
                .labelNames("version", "java_version")
                .register(metrics.meters.registry());
        build.setLabelValues(version, Runtime.version().toString());
        addJava(metrics.meters.registry());
        return metrics;
    }

    /** All that JvmMetrics has but its JvmThreadsMetrics: looking for deadlocks at each scrape stops all threads. */
    private static void addJava(PrometheusRegistry registry) {
        JvmBufferPoolMetrics.builder().register(registry);
        JvmClassLoadingMetrics.builder().register(registry);
        JvmCompilationMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmMemoryPoolAllocationMetrics.builder().register(registry);
        JvmNativeMemoryMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        GaugeWithCallback.builder()
                .name("jvm_threads_current")
                .help("Current thread count of a JVM")
                .callback(count -> count.call(threads.getThreadCount()))
                .register(registry);
    }

    /** To be told of the traffic. */
    public ExchangeListener listener() {
        return exchanges;
    }

    /**
     * Has the state of a proxy looked up, too. Called once.
     *
     * @param isDraining whether it has been told to stop
     * @param logLinesLost how many lines the access log lacks; must not block
     */
    public void observe(ForwardProxy proxy, BooleanSupplier isDraining, LongSupplier logLinesLost) {
        meters.gauge("exchanges_in_flight", "Exchanges that are not over.", () -> proxy.inFlight()
                .size());
        meters.gauge(
                "draining",
                "1 from the moment the proxy is told to stop, else 0.",
                () -> isDraining.getAsBoolean() ? 1 : 0);
        meters.counter(
                "upstream_cancels_total",
                "Requests taken back from the AI server since their client had left: work that was saved.",
                () -> proxy.stats().upstreamCancels());
        meters.counter(
                "replays_total",
                "Requests sent again since the kept-alive connection they had met was closed.",
                () -> proxy.stats().replays());
        meters.counter(
                "upstream_connections_opened_total",
                "Connections made to AI servers, and to proxies on the way.",
                () -> proxy.upstreamConnections().opened());
        GaugeWithCallback.builder()
                .name("ai_proxy_upstream_connections")
                .help("Connections to AI servers that are open, by whether a request or a tunnel is on them.")
                .labelNames("state")
                .callback(connections -> {
                    UpstreamConnections now = proxy.upstreamConnections();
                    connections.call(now.inUse(), "in_use");
                    connections.call(now.idle(), "idle");
                })
                .register(meters.registry());
        meters.counter("access_log_lines_lost_total", "Exchanges without a line in access.log.", logLinesLost);
    }

    /** The settings have been read again. */
    public void reloaded(boolean isDone) {
        reloads.labelValues(isDone ? "ok" : "refused").inc();
    }

    /** Shows all of it. */
    public AdminPage page() {
        return new MetricsPage(meters.registry());
    }
}
