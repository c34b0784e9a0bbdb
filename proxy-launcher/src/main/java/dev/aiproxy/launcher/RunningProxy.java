package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.Outcome;
import dev.aiproxy.ProxyStats;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A proxy with its logs, started together and stopped together, logs last. */
final class RunningProxy {

    private static final Logger logger = LoggerFactory.getLogger(RunningProxy.class);

    /** What to know about {@code TARGET_TLS_VERIFY=false}. */
    static final String UNVERIFIED =
            "warning: TARGET_TLS_VERIFY=false: anyone on the way to the AI server can read and change the traffic";

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** How long a client of a proxy that hands over has not used its connection, when that is closed. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** The same where the next process starts only when this one has ended, and new clients wait for it. */
    private static final Duration SHORT_QUIET = Duration.ofSeconds(1);

    private final ForwardProxy proxy;
    private final UnaryOperator<ForwardProxyBuilder> listening;
    private final TornCount torn;
    private final Optional<ListenTlsWatch> certificateWatch;
    private final Optional<Admin> admin;
    private final Optional<TraceExport> traces;
    private final AccessLog accessLog;
    private final ProcessLog processLog;
    private volatile Settings settings;

    private RunningProxy(
            ForwardProxy proxy,
            UnaryOperator<ForwardProxyBuilder> listening,
            Settings settings,
            TornCount torn,
            Optional<ListenTlsWatch> certificateWatch,
            Optional<Admin> admin,
            Optional<TraceExport> traces,
            AccessLog accessLog,
            ProcessLog processLog) {
        this.proxy = proxy;
        this.listening = listening;
        this.settings = settings;
        this.torn = torn;
        this.certificateWatch = certificateWatch;
        this.admin = admin;
        this.traces = traces;
        this.accessLog = accessLog;
        this.processLog = processLog;
    }

    /**
     * Opens the logs and starts a proxy.
     *
     * @param listening says how it comes by its socket
     * @throws InvalidSettingsException if the logs cannot be written
     * @throws dev.aiproxy.ProxyException if the proxy cannot be started
     */
    static RunningProxy start(Settings settings, UnaryOperator<ForwardProxyBuilder> listening) {
        ProcessLog processLog = ProcessLog.open(settings);
        try {
            AccessLog accessLog = AccessLog.open(settings);
            try {
                return start(settings, listening, accessLog, processLog);
            } catch (RuntimeException e) {
                accessLog.close();
                throw e;
            }
        } catch (RuntimeException e) {
            processLog.close();
            throw e;
        }
    }

    private static RunningProxy start(
            Settings settings,
            UnaryOperator<ForwardProxyBuilder> listening,
            AccessLog accessLog,
            ProcessLog processLog) {
        TornCount torn = new TornCount();
        Optional<TraceExport> traces = settings.traces().map(TraceExport::of);
        Optional<Admin> admin = Admin.asked(settings, accessLog::linesLost);
        ForwardProxyBuilder builder =
                listening.apply(builder(settings)).listener(accessLog).listener(torn);
        admin.ifPresent(asked -> asked.listeners().forEach(builder::listener));
        traces.ifPresent(export -> export.listenTo(builder));
        ForwardProxy proxy = started(builder, traces);
        Optional<ListenTlsWatch> certificateWatch =
                settings.listenTls().map(tls -> new ListenTlsWatch(tls.files(), proxy));
        RunningProxy running = new RunningProxy(
                proxy, listening, settings, torn, certificateWatch, admin, traces, accessLog, processLog);
        try {
            running.startTheRest();
            return running;
        } catch (RuntimeException e) {
            running.free();
            throw e;
        }
    }

    private static ForwardProxy started(ForwardProxyBuilder builder, Optional<TraceExport> traces) {
        try {
            return builder.build().start();
        } catch (RuntimeException e) {
            traces.ifPresent(TraceExport::close);
            throw e;
        }
    }

    private void startTheRest() {
        certificateWatch.ifPresent(ListenTlsWatch::start);
        traces.ifPresent(export -> export.start(address()));
        logger.info(
                "listens on {}, forwards to {}", proxy.address(), proxy.config().target());
        proxy.config().upstreamProxy().ifPresent(through -> logger.info("goes through {}", through));
        settings.traces().ifPresent(sent -> logger.info("sends traces to {}", sent.endpoint()));
        settings.listenTls().ifPresent(tls -> logger.info("shows a certificate to clients: {}", tls));
        admin.ifPresent(asked -> asked.open(proxy, this::settings));
    }

    private static ForwardProxyBuilder builder(Settings settings) {
        // It is drained here, where somebody can watch and cut it short; closing is to tear at once.
        return ProxyAssembly.builder(settings).drainTimeout(Duration.ZERO);
    }

    /** The settings in effect. */
    Settings settings() {
        return settings;
    }

    /**
     * Goes by other settings from now on; exchanges in flight keep those they began with. For one thread at a time.
     *
     * @param changed listens where the proxy does
     * @throws InvalidSettingsException if logs cannot be written there; then nothing has changed
     * @throws dev.aiproxy.ProxyException if the proxy cannot take them; then nothing has changed
     */
    void change(Settings changed) {
        SettingText logDir = changed.written(ConfigKey.LOG_DIR);
        RollingFile.checkedFile(logDir, changed.get(ConfigKey.LOG_DIR), ProcessLog.NAME);
        RollingFile.checkedFile(logDir, changed.get(ConfigKey.LOG_DIR), AccessLog.NAME);
        Runnable change = () -> proxy.reconfigure(listening.apply(builder(changed)));
        certificateWatch.ifPresentOrElse(
                watch -> watch.change(changed.listenTls().orElseThrow().files(), change), change);
        processLog.change(changed);
        accessLog.change(changed);
        settings = changed;
    }

    /** Its settings have been read again. */
    void reloaded(ReloadResult result) {
        admin.ifPresent(shown -> shown.reloaded(result));
    }

    ListenAddress address() {
        boolean isSecure = proxy.config().listen().tls().isPresent();
        return new ListenAddress(isSecure ? "https" : "http", proxy.address());
    }

    /**
     * Calls once the admin port is open, if it is to be.
     *
     * @param told given where it is
     */
    void whenAdminOpens(Consumer<InetSocketAddress> told) {
        admin.ifPresent(asked -> asked.whenOpen(told));
    }

    ProxyStats stats() {
        return proxy.stats();
    }

    int inFlight() {
        return proxy.inFlight().size();
    }

    /** How long it waits for its exchanges when it is stopped. */
    Duration drainTimeout() {
        return settings.get(ConfigKey.DRAIN_TIMEOUT);
    }

    URI target() {
        return proxy.config().target();
    }

    /** Where it listens, where it forwards to, how to use it. */
    List<String> greeting() {
        String client = address().localUri();
        List<String> greeting = new ArrayList<>(List.of(
                "listening on " + address().uri(),
                "forwarding to " + target(),
                "use it: OPENAI_BASE_URL=" + client + "/v1 or ANTHROPIC_BASE_URL=" + client));
        admin.flatMap(Admin::address)
                .map(address -> new ListenAddress("http", address).localUri())
                .ifPresent(uri -> greeting.add("health and metrics on " + uri));
        return greeting;
    }

    /** What is odd about its settings but works, one line each. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(settings.warnings());
        if (!settings.get(ConfigKey.TARGET_TLS_VERIFY)) {
            warnings.add(UNVERIFIED);
        }
        warning().ifPresent(warnings::add);
        return warnings;
    }

    /** What to know about who can use it, if that is anyone. */
    Optional<String> warning() {
        boolean isLocal = proxy.address().getAddress().isLoopbackAddress();
        if (isLocal || !proxy.config().access().isOpen()) {
            return Optional.empty();
        }
        return Optional.of("warning: anyone who reaches port " + proxy.address().getPort()
                + " can use this proxy; set PROXY_TOKENS, ALLOWED_CLIENTS or LISTEN_HOST=127.0.0.1 to close it");
    }

    /** Lets the exchanges in flight end for as long as the drain time allows, then frees everything. */
    void stop(StopWatcher watcher, Consumer<String> say) {
        admin.ifPresent(Admin::draining);
        if (watcher.isToldToHandOver()) {
            // The next proxy waits for the port.
            admin.ifPresent(Admin::close);
        }
        int streams = proxy.inFlight().size();
        if (streams > 0) {
            say.accept("stopping: waiting for " + streams + " in flight; DRAIN_TIMEOUT is "
                    + settings.written(ConfigKey.DRAIN_TIMEOUT).text());
        }
        drain(watcher);
        free();
        if (torn.count() > 0) {
            say.accept("stopped: " + torn.count() + " cut off, since "
                    + (watcher.isToldToStopNow() ? "it was to stop now" : "DRAIN_TIMEOUT was over"));
        }
        logger.info("stopped, cut off: {}", torn.count());
        accessLog.close();
        processLog.close();
    }

    /** All but the logs. */
    private void free() {
        certificateWatch.ifPresent(ListenTlsWatch::close);
        proxy.close();
        admin.ifPresent(Admin::close);
        traces.ifPresent(TraceExport::close);
    }

    private void drain(StopWatcher watcher) {
        long deadline = System.nanoTime() + drainTimeout().toNanos();
        int told = -1;
        while (!isOver(watcher, atMost(LOOK_EVERY, deadline - System.nanoTime()))) {
            if (System.nanoTime() - deadline >= 0 || watcher.isToldToStopNow()) {
                return;
            }
            int inFlight = proxy.inFlight().size();
            if (inFlight != told) {
                watcher.onInFlight(inFlight);
                told = inFlight;
            }
        }
    }

    private boolean isOver(StopWatcher watcher, Duration patience) {
        if (proxy.config().listen().channel().isPresent()) {
            return proxy.handOver(patience, SHORT_QUIET);
        }
        return watcher.isToldToHandOver() ? proxy.handOver(patience, QUIET) : proxy.drain(patience);
    }

    private static Duration atMost(Duration most, long nanos) {
        return nanos < most.toNanos() ? Duration.ofNanos(Math.max(0, nanos)) : most;
    }

    /** Whoever waits for a proxy to stop. */
    interface StopWatcher {

        /** The proxy waits for so many exchanges, more or fewer than before. */
        void onInFlight(int count);

        /** Whether another proxy has taken over, so that nobody is to notice that this one stops. */
        boolean isToldToHandOver();

        /** Whether the proxy shall wait no more. */
        boolean isToldToStopNow();
    }

    private static final class TornCount implements ExchangeListener {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void onEnd(ExchangeEnd end) {
            if (end.outcome() == Outcome.SHUT_DOWN) {
                count.incrementAndGet();
            }
        }

        int count() {
            return count.get();
        }
    }
}
