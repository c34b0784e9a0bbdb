package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Outcome;
import dev.aiproxy.ProxyStats;
import dev.aiproxy.UpstreamConnections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link ProxyStats}. */
final class Counters implements ExchangeListener {

    private final LongAdder requests = new LongAdder();
    private final Map<Outcome, LongAdder> ended = new EnumMap<>(Outcome.class);
    private final LongAdder upstreamCancels = new LongAdder();
    private final LongAdder replays = new LongAdder();
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder connectionsClosed = new LongAdder();

    Counters() {
        for (Outcome outcome : Outcome.values()) {
            ended.put(outcome, new LongAdder());
        }
    }

    @Override
    public void onRequest(Exchange exchange) {
        requests.increment();
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        ended.get(end.outcome()).increment();
    }

    void onUpstreamCancel() {
        upstreamCancels.increment();
    }

    void onReplay() {
        replays.increment();
    }

    void onUpstreamOpened() {
        connectionsOpened.increment();
    }

    void onUpstreamClosed() {
        connectionsClosed.increment();
    }

    UpstreamConnections connections(int idle) {
        // In this order: whatever has been closed had been opened.
        long closed = connectionsClosed.sum();
        long opened = connectionsOpened.sum();
        return new UpstreamConnections(opened, (int) (opened - closed), idle);
    }

    ProxyStats snapshot() {
        Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
        ended.forEach((outcome, count) -> sums.put(outcome, count.sum()));
        return new ProxyStats(requests.sum(), sums, upstreamCancels.sum(), replays.sum());
    }
}
