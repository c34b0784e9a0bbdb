package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Streams whose model thinks: how much memory they hold while nothing happens. Each time with a fresh process. */
final class QuietScenario implements Scenario {
    private static final double MEBIBYTE = 1 << 20;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A JVM that has just started is slow with thousands at once. */
    private static final int MAX_SETTLINGS = 15;

    private final Client client;
    private final Options options;
    private final Launcher launcher;
    private final Table table;

    QuietScenario(Client client, Options options, Launcher launcher) {
        this.client = client;
        this.options = options;
        this.launcher = launcher;
        table = new Table("quiet: memory (RSS) with open streams that had one event and then none"
                + options.clientProtocol().sharing());
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public boolean startsProcesses() {
        return true;
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Map<Column, Double> result = new LinkedHashMap<>();
        if (peer.isDirect()) {
            return result;
        }
        try (RunningPeer another = launcher.startAnother(peer);
                StreamLoad load = new StreamLoad(client, another.address())) {
            load.open(1, Request.quietStream(0));
            settle(load, 1);
            long before = another.residentBytes();
            result.put(Column.plain("MiB with 1", 0), before / MEBIBYTE);
            int opened = 1;
            for (int streams : options.quietStreams()) {
                load.open(streams - opened, Request.quietStream(0));
                opened = streams;
                settle(load, opened);
                long bytes = another.residentBytes();
                result.put(Column.compared("MiB with " + streams, 0), bytes / MEBIBYTE);
                result.put(Column.plain("KiB each of " + streams, 1), (bytes - before) / 1024.0 / streams);
            }
            noteUnanswered(peer, load, opened);
        }
        return result;
    }

    /** Waits until every stream has had its event, and then for as long as it takes to let go of what that needed. */
    private void settle(StreamLoad load, int opened) throws IOException {
        for (int i = 0; i < MAX_SETTLINGS && load.answered() < opened; i++) {
            load.record(SETTLE_NANOS);
        }
        load.record(options.quietNanos());
    }

    private void noteUnanswered(RunningPeer peer, StreamLoad load, int opened) {
        if (load.answered() < opened) {
            table.note(peer.name() + ": " + (opened - load.answered()) + " of " + opened + " streams had no event. "
                    + load.failures());
        }
    }

    @Override
    public int rounds(int chosen) {
        return 1;
    }
}
