package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same number of events per second on ever more streams: the cost of one should not grow. */
final class ScaleScenario implements Scenario {
    private static final List<Integer> STREAMS = List.of(64, 1000, 8000);

    private final Client client;
    private final Options options;
    private final Table table;

    ScaleScenario(Client client, Options options) {
        this.client = client;
        this.options = options;
        long perSecond = 1_000_000L * options.streams() / options.intervalMicros();
        table = new Table("scale: " + perSecond + " events/s in all on ever more streams");
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public void warmUp(RunningPeer peer) throws IOException {
        work(options.streams()).warmUp(peer, options);
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Map<Column, Double> result = new LinkedHashMap<>();
        Map<Column, Double> delays = new LinkedHashMap<>();
        for (int streams : STREAMS) {
            StreamWork.Measured measured = work(streams).measure(peer, options.windowNanos());
            measured.noteFailures(peer, table);
            result.put(Column.compared("CPU µs per chunk, " + streams, 1), measured.cpuMicrosPerEvent(peer));
            delays.put(
                    Column.plain("delay p50 µs, " + streams, 0),
                    measured.figures().delays().quantileMicros(0.5));
        }
        result.putAll(delays);
        return result;
    }

    private StreamWork work(int streams) {
        return new StreamWork(client, streams, options.intervalMicros() * streams / options.streams());
    }

    @Override
    public int rounds(int chosen) {
        return 1;
    }
}
