package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same number of events per second on ever more streams: the cost of one should not grow. */
final class ScaleScenario implements Scenario {
    private static final List<Integer> STREAMS = List.of(64, 1000, 4000, 8000);

    private final Client client;
    private final Options options;
    private final Table table;

    ScaleScenario(Client client, Options options) {
        this.client = client;
        this.options = options;
        long perSecond = 1_000_000L * options.streams() / options.intervalMicros();
        table = new Table("scale: " + perSecond + " events/s in all on ever more streams"
                + options.clientProtocol().sharing());
    }

    @Override
    public Table table() {
        return table;
    }

    /** With most streams last: what they alone have a JVM do has to be compiled, too. */
    @Override
    public void warmUp(RunningPeer peer) throws IOException {
        work(STREAMS.get(0)).warmUp(peer, options);
        work(STREAMS.get(STREAMS.size() - 1)).warmUp(peer, options);
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Map<Column, Double> costs = new LinkedHashMap<>();
        Map<Column, Double> delays = new LinkedHashMap<>();
        double fewest = 0;
        double compilers = 0;
        for (int streams : STREAMS) {
            StreamWork.Measured measured = work(streams).measure(peer, options.windowNanos());
            measured.noteFailures(peer, table);
            double cost = measured.cpuMicrosPerEvent(peer);
            fewest = costs.isEmpty() ? cost : fewest;
            costs.put(Column.compared("CPU µs per chunk, " + streams, 1), cost);
            if (streams > STREAMS.get(0)) {
                costs.put(Column.plain("÷ that of " + STREAMS.get(0) + ", " + streams, 2), cost / fewest);
            }
            Samples delay = measured.figures().delays();
            delays.put(Column.plain("delay p50 µs, " + streams, 0), delay.quantileMicros(0.5));
            delays.put(Column.plain("p99 µs, " + streams, 0), delay.quantileMicros(0.99));
            compilers = Math.max(compilers, measured.cpu().compilerShare());
        }
        costs.put(Column.plain("of it JIT %, at most", 0), peer.isJava() ? 100 * compilers : Double.NaN);
        costs.putAll(delays);
        return costs;
    }

    private StreamWork work(int streams) {
        return new StreamWork(client, streams, options.intervalMicros() * streams / options.streams());
    }
}
