package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client that goes while its stream is silent, right after its first event or a while later: how long the AI server goes
 * on working for nobody.
 */
final class GoneScenario implements Scenario {
    private static final int STREAMS = 10;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Client client;
    private final StubProcess stub;
    private final Table table = new Table("gone: time from the client's end to the end of the upstream's exchange");

    private long tag;

    GoneScenario(Client client, StubProcess stub) {
        this.client = client;
        this.stub = stub;
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Map<Column, Double> result = new LinkedHashMap<>();
        measure(peer, "closed", Lane::close, 0, result);
        measure(peer, "reset", Lane::reset, 0, result);
        measure(peer, "closed later", Lane::close, SILENCE_NANOS, result);
        measure(peer, "reset later", Lane::reset, SILENCE_NANOS, result);
        return result;
    }

    private void measure(RunningPeer peer, String way, Leaving leaving, long silenceNanos, Map<Column, Double> result)
            throws IOException {
        Samples times = new Samples();
        for (int stream = 0; stream < STREAMS; stream++) {
            Optional<Long> nanos = leave(peer, leaving, silenceNanos);
            if (nanos.isEmpty()) {
                table.note(peer.name() + ": upstream still open " + TimeUnit.NANOSECONDS.toSeconds(LONGEST_NANOS)
                        + " s after the client " + way);
                break;
            }
            times.add(nanos.get());
        }
        result.put(Column.plain(way + " p50 µs", 0), times.quantileMicros(0.5));
        result.put(Column.plain(way + " slowest µs", 0), times.quantileMicros(1));
    }

    private Optional<Long> leave(RunningPeer peer, Leaving leaving, long silenceNanos) throws IOException {
        boolean[] begun = new boolean[1];
        Lane lane = client.connect(peer.address(), new FirstPiece(() -> begun[0] = true));
        tag++;
        lane.send(Request.quietStream(tag));
        client.loop().runUntil(System.nanoTime() + LONGEST_NANOS / 10, () -> begun[0]);
        client.loop().runFor(silenceNanos);
        long left = System.nanoTime();
        leaving.leave(lane);
        // A channel is really closed by the next look at its selector.
        client.loop().runFor(TimeUnit.MILLISECONDS.toNanos(1));
        Optional<Long> nanos = stub.awaitGone(tag, LONGEST_NANOS).map(ended -> ended - left);
        // The connection of a stream that was reset is still there.
        lane.close();
        return nanos;
    }

    @Override
    public int rounds(int chosen) {
        return Math.min(2, chosen);
    }

    /** How a client goes. */
    private interface Leaving {
        void leave(Lane lane) throws IOException;
    }

    /** Says when something came. */
    private record FirstPiece(Runnable came) implements Lane.Listener {
        @Override
        public void body(Lane lane, ByteBuffer piece, long nowNanos) {
            came.run();
        }

        @Override
        public void answered(Lane lane, long nowNanos) {}

        @Override
        public void failed(Lane lane, IOException failure) {}
    }
}
