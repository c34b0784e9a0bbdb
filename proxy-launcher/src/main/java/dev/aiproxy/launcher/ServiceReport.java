package dev.aiproxy.launcher;

import dev.aiproxy.ProxyStats;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd is told of the proxy: that it serves, how much it has to do, what came of the last reload, and that it stops.
 * Where there is a watchdog, it is told only for as long as the proxy answers; systemd kills and starts anew one that does
 * not.
 *
 * <p>Connecting to itself is no proof against a proxy: it may have as many connections as it may have. Then it is enough
 * that requests come and end.
 */
final class ServiceReport {

    private static final Logger logger = LoggerFactory.getLogger(ServiceReport.class);
    private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(30);

    /** To free everything when the streams are over. */
    private static final Duration AFTER_DRAIN = Duration.ofSeconds(5);

    private final SystemdNotify systemd;
    private final RunningProxy proxy;
    private final Duration interval;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(ServiceReport::newThread);
    private ProxyStats lastStats;
    private volatile String lastReload = "";
    private volatile boolean isStopping;

    private ServiceReport(SystemdNotify systemd, RunningProxy proxy, Duration interval) {
        this.systemd = systemd;
        this.proxy = proxy;
        this.interval = interval;
        this.lastStats = proxy.stats();
    }

    /** Reports that the proxy serves, and goes on reporting; does nothing if nobody wants to know. */
    static Optional<ServiceReport> start(Map<String, String> environment, RunningProxy proxy) {
        Duration interval =
                watchdog(environment).map(limit -> limit.dividedBy(2)).orElse(WITHOUT_WATCHDOG);
        Optional<ServiceReport> report =
                SystemdNotify.of(environment).map(systemd -> new ServiceReport(systemd, proxy, interval));
        report.ifPresent(ServiceReport::begin);
        return report;
    }

    /** sd_watchdog_enabled(3). */
    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String own = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", own).equals(own)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                    .map(Long::parseLong)
                    .filter(micros -> micros > 0)
                    .map(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "service-report");
        thread.setDaemon(true);
        return thread;
    }

    private void begin() {
        systemd.send("READY=1", status());
        clock.scheduleAtFixedRate(this::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void beat() {
        if (isStopping) {
            systemd.send("WATCHDOG=1");
        } else if (isAlive()) {
            systemd.send("WATCHDOG=1", status());
        } else {
            logger.warn("the proxy does not answer itself");
        }
    }

    private boolean isAlive() {
        ProxyStats stats = proxy.stats();
        boolean hasWorked = !stats.equals(lastStats);
        lastStats = stats;
        return proxy.address().awaitServed(interval.dividedBy(2)) || hasWorked;
    }

    private String status() {
        int inFlight = proxy.inFlight();
        return "STATUS=serving on " + proxy.address().socket().getPort() + ", " + inFlight + " in flight" + lastReload;
    }

    /** Reports what came of a reload, and goes on saying so until the next. */
    void reloaded(ReloadResult result) {
        lastReload = "; " + Shown.oneLine(result.report());
        clock.execute(() -> {
            if (!isStopping) {
                systemd.send(status());
            }
        });
    }

    /**
     * Reports that the proxy stops, and asks for the time that its streams may take: the unit was written without knowledge
     * of it, and it may have changed in a reload. Less than the unit gives changes nothing.
     */
    void stopping() {
        isStopping = true;
        systemd.send("STOPPING=1", extension(), "STATUS=stopping, " + proxy.inFlight() + " in flight");
    }

    /** sd_notify(3): extends the time for the state that the service is in, counted from now. */
    private String extension() {
        Duration needed = proxy.drainTimeout().plus(AFTER_DRAIN);
        return "EXTEND_TIMEOUT_USEC=" + TimeUnit.MICROSECONDS.convert(needed);
    }
}
