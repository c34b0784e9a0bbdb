package dev.aiproxy.it;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Keeps what a proxy tells, in order. Guarded by itself. */
final class RecordingListener implements ExchangeListener {
    private final List<String> events = new ArrayList<>();
    private final List<ExchangeEnd> ends = new ArrayList<>();
    private final List<Exchange> starts = new ArrayList<>();

    @Override
    public synchronized void onRequest(Exchange exchange) {
        starts.add(exchange);
        events.add(exchange.id() + " request");
    }

    @Override
    public synchronized void onResponse(Exchange exchange, int status) {
        events.add(exchange.id() + " response " + status);
    }

    @Override
    public synchronized void onFirstByte(Exchange exchange) {
        events.add(exchange.id() + " first byte");
    }

    @Override
    public synchronized void onFirstToken(Exchange exchange) {
        events.add(exchange.id() + " first token");
    }

    @Override
    public synchronized void onEnd(ExchangeEnd end) {
        ends.add(end);
        events.add(end.exchange().id() + " end " + end.outcome());
    }

    /** Every call so far, such as {@code "1 response 200"}. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    synchronized List<Exchange> starts() {
        return List.copyOf(starts);
    }

    synchronized List<ExchangeEnd> ends() {
        return List.copyOf(ends);
    }

    /** The end that comes as number {@code count}, from 1. */
    ExchangeEnd awaitEnd(int count) {
        Eventually.await("exchange " + count + " to end", () -> ends().size() >= count);
        return ends().get(count - 1);
    }

    /** Exchanges that broke the promise of ending exactly once. */
    List<Long> notEndedOnce() {
        Map<Long, Long> count = ends().stream()
                .collect(Collectors.groupingBy(end -> end.exchange().id(), Collectors.counting()));
        return starts().stream()
                .map(Exchange::id)
                .filter(id -> count.getOrDefault(id, 0L) != 1)
                .toList();
    }
}
