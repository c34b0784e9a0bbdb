package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxyBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an OpenTelemetry collector of each exchange when it is over.
 *
 * <p>The threads that move bytes only put the end into a bounded queue; to make a span of it and to send that is another
 * thread's work. A collector that is slow or away costs spans and a warning, but never a stream's time. Nothing of
 * OpenTelemetry is loaded unless there is one of these.
 */
final class TraceExport implements ExchangeListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(TraceExport.class);
    private static final int MOST_WAITING = 4096;
    private static final int MOST_AT_ONCE = 512;
    private static final long POLL_MILLIS = 200;

    /** How long a span may wait for others to go with it. */
    private static final Duration GATHERING = Duration.ofSeconds(1);

    /** How long a collector may hold up a stop. */
    private static final Duration LONGEST_FLUSH = Duration.ofMillis(1_500);

    private final BlockingQueue<ExchangeEnd> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean hasDropped = new AtomicBoolean();
    private final TraceSettings settings;
    private final TraceDelivery delivery;
    private final TraceParents parents;
    private final Thread thread = new Thread(this::run, "trace-export");
    private volatile boolean isClosed;

    private TraceExport(TraceSettings settings, TraceDelivery delivery, TraceParents parents) {
        this.settings = settings;
        this.delivery = delivery;
        this.parents = parents;
    }

    static TraceExport of(TraceSettings settings) {
        TraceParents parents = new TraceParents(TraceSampler.of(settings));
        return new TraceExport(settings, TraceDelivery.to(settings), parents);
    }

    /** Has a proxy tell of its exchanges. */
    void listenTo(ForwardProxyBuilder builder) {
        builder.listener(this);
        if (settings.propagates()) {
            builder.tracePropagation(parents::forwarded);
        }
    }

    /**
     * Begins to send what has ended and what will.
     *
     * @param listen where clients connect
     */
    void start(ListenAddress listen) {
        delivery.listensAt(listen);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        if (waiting.offer(end)) {
            return;
        }
        delivery.onLost(1);
        if (hasDropped.compareAndSet(false, true)) {
            logger.warn("traces lack spans: exchanges end faster than {} takes them; told once", settings.endpoint());
        }
    }

    private void run() {
        try {
            while (!isClosed || !waiting.isEmpty()) {
                List<ExchangeEnd> ends = gathered();
                if (!ends.isEmpty()) {
                    delivery.send(ends);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ExchangeEnd> gathered() throws InterruptedException {
        List<ExchangeEnd> ends = new ArrayList<>();
        ExchangeEnd first = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            return ends;
        }
        ends.add(first);
        long until = System.nanoTime() + GATHERING.toNanos();
        while (ends.size() < MOST_AT_ONCE && !isClosed && System.nanoTime() - until < 0) {
            ExchangeEnd next = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (next != null) {
                ends.add(next);
            }
        }
        waiting.drainTo(ends, MOST_AT_ONCE - ends.size());
        return ends;
    }

    /** Sends what waits, but gives up soon: nobody wants to wait for a collector. */
    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join(LONGEST_FLUSH.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delivery.close(waiting.size());
    }
}
