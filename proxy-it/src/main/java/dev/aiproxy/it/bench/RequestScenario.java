package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The same exchange again and again: what one costs, and how long it takes. */
final class RequestScenario implements Scenario {
    private static final int MEBIBYTE = 1 << 20;
    private static final int BODY_MEBIBYTES = 16;

    private final Client client;
    private final Options options;
    private final Shape shape;
    private final Table table;
    private final Column cpu;
    private final Column rate;

    private RequestScenario(Client client, Options options, Shape shape) {
        this.client = client;
        this.options = options;
        this.shape = shape;
        table = new Table(shape.title);
        cpu = Column.compared("CPU µs per " + shape.unit, 1);
        rate = new Column(shape.unit + "/s", 0, shape.perSecond == 0);
    }

    static Scenario json(Client client, Options options) {
        int rate = options.requestsPerSecond();
        String title = "json: " + rate + " small requests/s on "
                + options.clientProtocol().lanesOf(32) + ", kept";
        return new RequestScenario(client, options, new Shape(title, "request", Request.json(), 32, rate, 1));
    }

    static Scenario saturation(Client client, Options options) {
        String title = "saturation: small requests as fast as answers come on "
                + options.clientProtocol().lanesOf(64) + ", kept";
        return new RequestScenario(client, options, new Shape(title, "request", Request.json(), 64, 0, 1));
    }

    static Scenario upload(Client client, Options options) {
        Request request = Request.upload((long) BODY_MEBIBYTES * MEBIBYTE);
        String title = "upload: " + BODY_MEBIBYTES + " MiB bodies on "
                + options.clientProtocol().lanesOf(2);
        return new RequestScenario(client, options, new Shape(title, "MiB", request, 2, 0, BODY_MEBIBYTES));
    }

    static Scenario download(Client client, Options options) {
        Request request = Request.download((long) BODY_MEBIBYTES * MEBIBYTE);
        String title = "download: " + BODY_MEBIBYTES + " MiB bodies on "
                + options.clientProtocol().lanesOf(2);
        return new RequestScenario(client, options, new Shape(title, "MiB", request, 2, 0, BODY_MEBIBYTES));
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public void warmUp(RunningPeer peer) throws IOException {
        WarmUp.run(peer, options, nanos -> {
            // As fast as answers come is compiled sooner, but takes other paths than what comes one by one.
            work(peer, 0, nanos / 2);
            work(peer, shape.perSecond, nanos / 2);
        });
    }

    private void work(RunningPeer peer, int perSecond, long nanos) throws IOException {
        try (RequestLoad load = open(peer, perSecond)) {
            load.record(nanos);
        }
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        try (RequestLoad load = open(peer, shape.perSecond)) {
            load.record(options.windowNanos() / 10);
            CpuClock clock = peer.cpuClock();
            Samples latencies = load.record(options.windowNanos());
            clock.stop();
            if (!load.failures().isEmpty()) {
                table.note(peer.name() + ": " + load.failures());
            }
            return figures(peer, latencies, clock);
        }
    }

    private RequestLoad open(RunningPeer peer, int perSecond) throws IOException {
        return RequestLoad.open(client, peer.address(), shape.request, shape.lanes, perSecond);
    }

    private Map<Column, Double> figures(RunningPeer peer, Samples latencies, CpuClock clock) {
        Map<Column, Double> result = new LinkedHashMap<>();
        double units = (double) latencies.count() * shape.unitsEach;
        result.put(cpu, peer.isDirect() ? Double.NaN : clock.nanos() / 1000.0 / units);
        result.put(Column.plain("of it JIT %", 0), peer.isJava() ? 100 * clock.compilerShare() : Double.NaN);
        result.put(Column.plain("time p50 µs", 0), latencies.quantileMicros(0.5));
        result.put(Column.plain("p99 µs", 0), latencies.quantileMicros(0.99));
        result.put(rate, units * 1e9 / options.windowNanos());
        return result;
    }

    /** What is asked for, how often, and in which units its cost is told. */
    private record Shape(String title, String unit, Request request, int lanes, int perSecond, int unitsEach) {}
}
