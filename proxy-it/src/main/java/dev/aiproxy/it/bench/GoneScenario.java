package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client that goes while its stream is silent, right after its first event or a while later: how long the upstream's
 * exchange goes on for nobody.
 */
final class GoneScenario implements Scenario {
    private static final int STREAMS = 10;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final List<Way> WAYS = List.of(
            new Way("closed", Lane::close, 0),
            new Way("reset", Lane::reset, 0),
            new Way("closed later", Lane::close, SILENCE_NANOS),
            new Way("reset later", Lane::reset, SILENCE_NANOS));

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
        for (Way way : WAYS) {
            Samples times = times(peer, way);
            result.put(Column.plain(way.name + " p50 µs", 0), times.quantileMicros(0.5));
            result.put(Column.plain(way.name + " slowest µs", 0), times.quantileMicros(1));
        }
        return result;
    }

    /** Up to the first one that says nothing. */
    private Samples times(RunningPeer peer, Way way) throws IOException {
        Samples times = new Samples();
        for (int stream = 0; stream < STREAMS; stream++) {
            Optional<Long> nanos = leave(peer, way);
            if (nanos.isEmpty()) {
                break;
            }
            times.add(nanos.get());
        }
        return times;
    }

    private Optional<Long> leave(RunningPeer peer, Way way) throws IOException {
        FirstPiece first = new FirstPiece();
        Lane lane = client.connect(peer.address(), first);
        tag++;
        lane.send(Request.quietStream(tag));
        client.loop().runUntil(System.nanoTime() + LONGEST_NANOS / 10, first::cameOrFailed);
        client.loop().runUntil(System.nanoTime() + way.silenceNanos, () -> !first.failure()
                .isEmpty());
        if (!first.failure().isEmpty()) {
            table.note(peer.name() + ": the exchange to be " + way.name + " failed before: " + first.failure());
            return Optional.empty();
        }
        Optional<Long> nanos = timeUntilGone(peer, lane, way);
        // The connection of a stream that was reset is still there.
        lane.close();
        return nanos;
    }

    private Optional<Long> timeUntilGone(RunningPeer peer, Lane lane, Way way) throws IOException {
        long left = System.nanoTime();
        way.leaving.leave(lane);
        // A channel is really closed by the next look at its selector.
        client.loop().runFor(TimeUnit.MILLISECONDS.toNanos(1));
        Optional<Long> nanos = stub.awaitGone(tag, LONGEST_NANOS).map(ended -> ended - left);
        if (nanos.isEmpty()) {
            table.note(peer.name() + ": the upstream's exchange has not ended "
                    + TimeUnit.NANOSECONDS.toSeconds(LONGEST_NANOS) + " s after the client " + way.name);
        }
        return nanos;
    }

    @Override
    public int rounds(int chosen) {
        return Math.min(2, chosen);
    }

    /** How a client goes, and after how long a silence. */
    private record Way(String name, Leaving leaving, long silenceNanos) {}

    /** What a client does. */
    private interface Leaving {
        void leave(Lane lane) throws IOException;
    }
}
