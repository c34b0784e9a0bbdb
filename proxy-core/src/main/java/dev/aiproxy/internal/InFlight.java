package dev.aiproxy.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The exchanges that are under way, and which of them time has something to tell.
 *
 * <p>Streams stay for hours, thousands of them, and nearly all that time nothing but their ends has any news. To look at each
 * of them every few milliseconds would cost more than to forward what comes on them, so one that has {@linkplain
 * ProxyExchange#isSettled() settled} is looked at no more.
 *
 * <p>{@link #tick} is for one thread at a time; the others may be called by any.
 */
final class InFlight {

    private final ResetProbe resetProbe;
    private final ConcurrentMap<Long, ProxyExchange> all = new ConcurrentHashMap<>();
    private final Set<ProxyExchange> unsettled = ConcurrentHashMap.newKeySet();
    /** Told when the last one has left. */
    private final Object noneLeft = new Object();

    private volatile boolean isAwaited;

    InFlight(ResetProbe resetProbe) {
        this.resetProbe = resetProbe;
    }

    void enter(ProxyExchange exchange) {
        all.put(exchange.facts().id(), exchange);
        unsettled.add(exchange);
    }

    /** Jetty has done with the exchange of this number. */
    void leave(long id) {
        ProxyExchange exchange = all.get(id);
        if (exchange != null) {
            exchange.onStreamEnd();
            unsettled.remove(exchange);
            all.remove(id);
        }
        if (isAwaited && all.isEmpty()) {
            synchronized (noneLeft) {
                noneLeft.notifyAll();
            }
        }
    }

    int count() {
        return all.size();
    }

    /** Those of this moment. */
    List<ProxyExchange> list() {
        return List.copyOf(all.values());
    }

    /** Waits until there is none; returns whether it came to that. For several threads at once, too. */
    boolean awaitNone(Duration timeout) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        isAwaited = true;
        try {
            synchronized (noneLeft) {
                while (!all.isEmpty()) {
                    long restNanos = deadline - System.nanoTime();
                    if (restNanos <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(noneLeft, restNanos);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void tearAll() {
        IOException cause = new IOException("proxy stopped");
        all.values().forEach(exchange -> exchange.fail(Failure.SHUT_DOWN, cause));
    }

    /** Tells those that are waiting for something what time it is, and looks for clients that have left. */
    void tick() {
        long now = System.nanoTime();
        for (ProxyExchange exchange : unsettled) {
            exchange.onTick(now);
            exchange.watch(resetProbe, now);
            if (exchange.isSettled()) {
                unsettled.remove(exchange);
            }
        }
        resetProbe.look();
    }

    /** How many are looked at by {@link #tick}. */
    int unsettled() {
        return unsettled.size();
    }
}
