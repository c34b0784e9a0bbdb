package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** One short stream after the other on a kept lane: how long the first event takes. */
final class FirstScenario implements Scenario {
    private static final Column P50 = Column.compared("first event p50 µs", 0);
    private static final Column P99 = Column.plain("p99 µs", 0);

    private final Client client;
    private final Options options;
    private final Table table = new Table("first: time from a request to its stream's first event");

    FirstScenario(Client client, Options options) {
        this.client = client;
        this.options = options;
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public void warmUp(RunningPeer peer) throws IOException {
        WarmUp.run(peer, options, nanos -> run(peer, nanos));
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Samples times = run(peer, options.windowNanos() / 2);
        Map<Column, Double> result = new LinkedHashMap<>();
        result.put(P50, times.quantileMicros(0.5));
        result.put(P99, times.quantileMicros(0.99));
        return result;
    }

    private Samples run(RunningPeer peer, long nanos) throws IOException {
        Caller caller = new Caller();
        Lane lane = client.connect(peer.address(), caller);
        lane.send(caller.request);
        client.loop().runFor(nanos);
        lane.close();
        if (!caller.failure.isEmpty()) {
            table.note(peer.name() + ": " + caller.failure);
        }
        return caller.times;
    }

    /** Asks again as soon as it is answered. */
    private static final class Caller implements Lane.Listener {
        private final Request request = Request.stream(1000, 1);
        private final Samples times = new Samples();
        private String failure = "";
        private boolean begun;

        @Override
        public void body(Lane lane, ByteBuffer piece, long nowNanos) {
            if (!begun) {
                times.add(nowNanos - lane.sentNanos());
            }
            begun = true;
        }

        @Override
        public void answered(Lane lane, long nowNanos) throws IOException {
            begun = false;
            lane.send(request);
        }

        @Override
        public void failed(Lane lane, IOException cause) {
            failure = String.valueOf(cause.getMessage());
        }
    }
}
