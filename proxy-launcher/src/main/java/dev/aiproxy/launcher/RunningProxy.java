package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.Outcome;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A proxy with its logs, started together and stopped together, logs last. */
final class RunningProxy {

    private static final Logger logger = LoggerFactory.getLogger(RunningProxy.class);

    private final ForwardProxy proxy;
    private final String drainTimeout;
    private final TornCount torn;
    private final Optional<ListenTlsWatch> certificateWatch;
    private final AccessLog accessLog;
    private final ProcessLog processLog;

    private RunningProxy(
            ForwardProxy proxy,
            String drainTimeout,
            TornCount torn,
            Optional<ListenTlsWatch> certificateWatch,
            AccessLog accessLog,
            ProcessLog processLog) {
        this.proxy = proxy;
        this.drainTimeout = drainTimeout;
        this.torn = torn;
        this.certificateWatch = certificateWatch;
        this.accessLog = accessLog;
        this.processLog = processLog;
    }

    /**
     * Opens the logs and starts a proxy.
     *
     * @throws InvalidSettingsException if the logs cannot be written
     * @throws dev.aiproxy.ProxyException if the proxy cannot be started
     */
    static RunningProxy start(Settings settings) {
        ProcessLog processLog = ProcessLog.open(settings);
        try {
            AccessLog accessLog = AccessLog.open(settings);
            try {
                return start(settings, accessLog, processLog);
            } catch (RuntimeException e) {
                accessLog.close();
                throw e;
            }
        } catch (RuntimeException e) {
            processLog.close();
            throw e;
        }
    }

    private static RunningProxy start(Settings settings, AccessLog accessLog, ProcessLog processLog) {
        TornCount torn = new TornCount();
        ForwardProxy proxy = ProxyAssembly.builder(settings)
                .listener(accessLog)
                .listener(torn)
                .build()
                .start();
        Optional<ListenTlsWatch> certificateWatch =
                settings.listenTls().map(tls -> new ListenTlsWatch(tls.files(), proxy));
        certificateWatch.ifPresent(ListenTlsWatch::start);
        RunningProxy running = new RunningProxy(
                proxy, settings.written(ConfigKey.DRAIN_TIMEOUT).text(), torn, certificateWatch, accessLog, processLog);
        logger.info(
                "listens on {}, forwards to {}", proxy.address(), proxy.config().target());
        settings.listenTls().ifPresent(tls -> logger.info("shows a certificate to clients: {}", tls));
        return running;
    }

    /** Where it listens, where it forwards to, how to use it. */
    List<String> greeting() {
        InetSocketAddress address = proxy.address();
        String scheme = proxy.config().listen().tls().isPresent() ? "https://" : "http://";
        String client = scheme + (address.getAddress().isAnyLocalAddress() ? "localhost" : host(address)) + ":"
                + address.getPort();
        URI target = proxy.config().target();
        return List.of(
                "listening on " + scheme + host(address) + ":" + address.getPort(),
                "forwarding to " + target,
                "use it: OPENAI_BASE_URL=" + client + "/v1 or ANTHROPIC_BASE_URL=" + client);
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

    private static String host(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Lets the exchanges in flight end for as long as the drain time allows, then frees everything. */
    void stop(Consumer<String> say) {
        int streams = proxy.inFlight().size();
        if (streams > 0) {
            say.accept("stopping: waiting for " + streams + " in flight; DRAIN_TIMEOUT is " + drainTimeout);
        }
        certificateWatch.ifPresent(ListenTlsWatch::close);
        proxy.close();
        if (torn.count() > 0) {
            say.accept("stopped: " + torn.count() + " cut off, since DRAIN_TIMEOUT was over");
        }
        logger.info("stopped, cut off: {}", torn.count());
        accessLog.close();
        processLog.close();
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
