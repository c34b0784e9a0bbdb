package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Streams with events at an even pace, and what to measure of them. */
record StreamWork(Client client, int streams, long intervalMicros) {
    /** Room for opening, for the stub to be late, and for the end. */
    private static final long SPARE_NANOS = StreamLoad.LONGEST_OPENING_NANOS + TimeUnit.SECONDS.toNanos(30);

    /** Opens its streams anew each time, as measuring does: connecting, maybe with TLS, has to be compiled, too. */
    void warmUp(RunningPeer peer, Options options) throws IOException {
        WarmUp.run(peer, options, nanos -> {
            try (StreamLoad load = new StreamLoad(client, peer.address())) {
                load.open(streams, request(nanos));
                load.record(nanos);
            }
        });
    }

    Measured measure(RunningPeer peer, long nanos) throws IOException {
        try (StreamLoad load = new StreamLoad(client, peer.address())) {
            load.open(streams, request(nanos));
            // Every stream has had its second event by then, and opening them all is digested.
            load.record(Math.max(nanos / 10, 2000 * intervalMicros));
            CpuClock cpu = peer.cpuClock();
            StreamFigures figures = load.record(nanos);
            return new Measured(figures, cpu.stop(), load.failures());
        }
    }

    private Request request(long nanos) {
        long micros = (nanos + SPARE_NANOS) / 1000;
        return Request.stream(intervalMicros, Math.max(2, micros / intervalMicros));
    }

    /** One window: its events, what the proxy used meanwhile, and what went wrong, if anything. */
    record Measured(StreamFigures figures, CpuClock cpu, String failures) {
        /** Not a number if there was no proxy. */
        double cpuMicrosPerEvent(RunningPeer peer) {
            return peer.isDirect() ? Double.NaN : cpu.nanos() / 1000.0 / figures.events();
        }

        void noteFailures(RunningPeer peer, Table table) {
            if (!failures.isEmpty()) {
                table.note(peer.name() + ": " + failures);
            }
        }
    }
}
