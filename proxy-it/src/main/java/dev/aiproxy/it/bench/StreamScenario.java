package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Many streams with events at an even pace: what a chunk costs and how late it gets. */
final class StreamScenario implements Scenario {
    private static final Column CPU = Column.compared("CPU µs per chunk", 1);
    private static final Column JIT = Column.plain("of it JIT %", 0);
    private static final Column P50 = Column.compared("delay p50 µs", 0);
    private static final Column P99 = Column.compared("p99 µs", 0);
    private static final Column USUAL_P99 = Column.compared("usual p99 µs", 0);
    private static final Column P999 = Column.plain("p99.9 µs", 0);
    private static final Column GAP = Column.plain("gap error p99 µs", 0);
    private static final Column CLUMPED = Column.plain("clumped %", 1);
    private static final Column CHUNKS = Column.plain("chunks/s", 0);

    private final Options options;
    private final StreamWork work;
    private final Table table;

    StreamScenario(Client client, Options options) {
        this.options = options;
        work = new StreamWork(client, options.streams(), options.intervalMicros());
        String streams = options.clientProtocol().streamsOf(options.streams());
        table = new Table("stream: " + streams + ", one " + Event.BYTES + "-byte event per "
                + options.intervalMicros() / 1000.0 + " ms each");
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public void warmUp(RunningPeer peer) throws IOException {
        work.warmUp(peer, options);
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        StreamWork.Measured measured = work.measure(peer, options.windowNanos());
        measured.noteFailures(peer, table);
        StreamFigures figures = measured.figures();
        Map<Column, Double> result = new LinkedHashMap<>();
        result.put(CPU, measured.cpuMicrosPerEvent(peer));
        result.put(JIT, peer.isJava() ? 100 * measured.cpu().compilerShare() : Double.NaN);
        result.put(P50, figures.delays().quantileMicros(0.5));
        result.put(P99, figures.delays().quantileMicros(0.99));
        result.put(USUAL_P99, figures.p99OfMoments().quantileMicros(0.5));
        result.put(P999, figures.delays().quantileMicros(0.999));
        result.put(GAP, figures.gapErrors().quantileMicros(0.99));
        result.put(CLUMPED, figures.clumpedPercent());
        result.put(CHUNKS, figures.events() * 1e9 / options.windowNanos());
        return result;
    }
}
