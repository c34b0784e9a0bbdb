package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.ProxyConfig;
import dev.aiproxy.ProxyException;
import dev.aiproxy.ProxyStats;
import dev.aiproxy.TraceContext;
import dev.aiproxy.UpstreamConnections;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link ForwardProxy} on Jetty: its states, and nothing of the traffic. The lock guards the state. */
public final class JettyForwardProxy implements ForwardProxy {

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    private final Counters counters = new Counters();
    private final Listeners listeners;
    private final ProxyServer server;
    private final AtomicBoolean isDraining = new AtomicBoolean();
    private final Object lock = new Object();
    /** Held while the server stops, so that whoever closes the proxy at the same time returns when it has stopped. */
    private final Object stopping = new Object();

    private State state = State.NEW;

    /**
     * For the builder alone.
     *
     * @param config checked settings
     * @param listeners called in this order
     * @param tracePropagation what goes upstream as traceparent; without it, what clients send
     */
    public JettyForwardProxy(
            ProxyConfig config,
            List<ExchangeListener> listeners,
            @Nullable Function<TraceContext, String> tracePropagation) {
        List<ExchangeListener> all = new ArrayList<>(listeners);
        // First, so that a listener that asks for the counts finds its exchange counted.
        all.add(0, counters);
        this.listeners = new Listeners(all);
        TraceFields traceFields =
                new TraceFields(tracePropagation == null ? null : this.listeners.watched(tracePropagation));
        this.server = new ProxyServer(config, this.listeners, traceFields, counters, isDraining::get);
    }

    @Override
    public ForwardProxy start() {
        synchronized (lock) {
            if (state != State.NEW) {
                throw new IllegalStateException(state == State.RUNNING ? "already started" : "already closed");
            }
            checkThatNothingLeadsBack(config(), config().listen().port());
            try {
                server.start();
            } catch (Exception e) {
                state = State.CLOSED;
                server.stop();
                throw cannotListen(e);
            }
            state = State.RUNNING;
            return this;
        }
    }

    @Override
    public InetSocketAddress address() {
        synchronized (lock) {
            if (state != State.RUNNING) {
                throw new IllegalStateException(state == State.NEW ? "not started" : "already closed");
            }
            return server.address();
        }
    }

    @Override
    public ProxyConfig config() {
        return server.terms().config();
    }

    @Override
    public void retarget(URI newTarget) {
        ProxyConfig changed = config().withTarget(newTarget);
        checkThatNothingLeadsBack(changed, portWith(changed));
        synchronized (lock) {
            checkNotClosed();
            // Not the one from above: another thread may have changed the rest meanwhile.
            server.change(config().withTarget(newTarget));
        }
    }

    @Override
    public void reconfigure(ForwardProxyBuilder settings) {
        ProxyConfig changed = settings.config();
        // Without the lock, since a name may have to be looked up.
        checkThatNothingLeadsBack(changed, portWith(changed));
        synchronized (lock) {
            checkNotClosed();
            checkFixed(config().listen(), changed.listen());
            server.change(changed);
        }
    }

    /** The real one if it listens already. */
    private int portWith(ProxyConfig changed) {
        synchronized (lock) {
            checkNotClosed();
            return state == State.RUNNING
                    ? server.address().getPort()
                    : changed.listen().port();
        }
    }

    private void checkNotClosed() {
        if (state == State.CLOSED) {
            throw new IllegalStateException("already closed");
        }
    }

    private static void checkThatNothingLeadsBack(ProxyConfig config, int port) {
        String listenHost = config.listen().host();
        URI target = config.target();
        if (OwnAddress.isReachedBy(target.getHost(), target.getPort(), listenHost, port)) {
            throw new InvalidConfigException(
                    "target %s is this proxy's own address; name the AI server instead".formatted(target));
        }
        config.upstreamProxy()
                .filter(proxy -> OwnAddress.isReachedBy(proxy.host(), proxy.port(), listenHost, port))
                .ifPresent(proxy -> {
                    throw new InvalidConfigException(
                            "upstream proxy %s is this proxy's own address; name the next one".formatted(proxy));
                });
    }

    private static void checkFixed(ProxyConfig.Listen now, ProxyConfig.Listen changed) {
        List<String> refused = new ArrayList<>();
        if (!now.host().equals(changed.host()) || now.port() != changed.port()) {
            refused.add("listen");
        }
        if (now.tls().isPresent() != changed.tls().isPresent()) {
            refused.add("listenTls");
        }
        if (now.http2() != changed.http2()) {
            refused.add("listenHttp2");
        }
        if (!refused.isEmpty()) {
            throw new InvalidConfigException(
                    "%s cannot change while the proxy runs; restart it".formatted(String.join(", ", refused)));
        }
    }

    @Override
    public void renewListenTls(List<X509Certificate> chain, PrivateKey key, Collection<X509Certificate> clientCa) {
        synchronized (lock) {
            checkNotClosed();
            if (config().listen().tls().isEmpty()) {
                throw new IllegalStateException("speaks plain HTTP to clients");
            }
            server.change(config().withListenTls(chain, key, clientCa));
        }
    }

    @Override
    public List<Exchange> inFlight() {
        return server.inFlight().list().stream()
                .map(ProxyExchange::facts)
                .sorted(Comparator.comparingLong(Exchange::id))
                .toList();
    }

    @Override
    public List<ExchangeProgress> progress() {
        return server.inFlight().list().stream()
                .map(exchange -> exchange.report().progress())
                .sorted(Comparator.comparingLong(progress -> progress.exchange().id()))
                .toList();
    }

    @Override
    public ProxyStats stats() {
        return counters.snapshot();
    }

    @Override
    public UpstreamConnections upstreamConnections() {
        return counters.connections(server.idleUpstreamConnections());
    }

    @Override
    public boolean drain(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("drain timeout must not be negative, was " + timeout);
        }
        checkThatNoListenerWaits();
        synchronized (lock) {
            if (state != State.RUNNING) {
                return true;
            }
        }
        isDraining.set(true);
        server.stopListening();
        return server.inFlight().awaitNone(timeout);
    }

    /** The exchange that it is told of, and whatever else its thread does, could not end before it returns. */
    private void checkThatNoListenerWaits() {
        if (listeners.isCalling()) {
            throw new IllegalStateException("a listener must not close the proxy; have another thread do it");
        }
    }

    @Override
    public boolean handOver(Duration timeout, Duration quiet) {
        if (timeout.isNegative() || quiet.isNegative()) {
            throw new IllegalArgumentException(
                    "times of a hand-over must not be negative, were " + timeout + " and " + quiet);
        }
        checkThatNoListenerWaits();
        synchronized (lock) {
            if (state != State.RUNNING) {
                return true;
            }
        }
        return server.handOver(timeout, quiet);
    }

    @Override
    public void close() {
        drain(config().timeouts().drain());
        // Without the other lock: the server waits for its threads, which may be in a listener that asks for the
        // address.
        synchronized (stopping) {
            if (endRunning()) {
                tearAndStop();
            }
        }
    }

    private boolean endRunning() {
        synchronized (lock) {
            boolean isRunning = state == State.RUNNING;
            state = State.CLOSED;
            return isRunning;
        }
    }

    private void tearAndStop() {
        try {
            server.inFlight().tearAll();
        } finally {
            // Whatever goes wrong with one exchange, threads and sockets are freed.
            server.stop();
        }
    }

    private ProxyException cannotListen(Exception failure) {
        String address = config().listen().host() + ":" + config().listen().port();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isInterruption(cause)) {
                Thread.currentThread().interrupt();
            }
            String reason = reasonOf(cause);
            if (reason != null) {
                return new ProxyException("cannot listen on " + address + ": " + reason, failure);
            }
        }
        return new ProxyException("cannot listen on " + address + ": " + failure.getMessage(), failure);
    }

    private static @Nullable String reasonOf(Throwable cause) {
        if (isInterruption(cause)) {
            return "interrupted while starting";
        }
        if (cause instanceof UnresolvedAddressException) {
            return "host name unknown; choose an address of this machine";
        }
        if (!(cause instanceof BindException || cause instanceof SocketException)) {
            return null;
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "address in use; choose another port or stop the other process";
        }
        if (message.contains("ermission")) {
            return "permission denied; choose a port above 1023";
        }
        if (message.contains("nresolved")) {
            return "host name unknown; choose an address of this machine";
        }
        return message.contains("assign") ? "not an address of this machine; choose one that is" : null;
    }

    private static boolean isInterruption(Throwable cause) {
        return cause instanceof InterruptedException || cause instanceof ClosedByInterruptException;
    }
}
