package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened on one connection to a {@link ScriptedUpstream}, while it happens. Any thread may ask; guarded by
 * itself.
 */
public final class RecordedConnection {
    private static final int KEPT_BYTES = 4 * 1024 * 1024;

    private final int number;
    private final int peerPort;
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private long receivedBytes;
    private long sentBytes;
    private Ending ending = Ending.OPEN;
    private long endedAtNanos;

    RecordedConnection(int number, int peerPort) {
        this.number = number;
        this.peerPort = peerPort;
    }

    /** From 1, in the order of arrival. */
    public int number() {
        return number;
    }

    /** The port that the peer connected from. */
    public int peerPort() {
        return peerPort;
    }

    /** The requests so far. */
    public synchronized List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The first four megabytes as they came in, framing and all, one character per byte. */
    public synchronized String rawText() {
        return raw.toString(StandardCharsets.ISO_8859_1);
    }

    /** Bytes taken off the socket so far. */
    public synchronized long receivedBytes() {
        return receivedBytes;
    }

    /** Bytes handed to the socket so far, a write that is stalled excluded. */
    public synchronized long sentBytes() {
        return sentBytes;
    }

    /** How the peer ended it. */
    public synchronized Ending ending() {
        return ending;
    }

    /** When the end was seen, as of {@link System#nanoTime()}. */
    public synchronized long endedAtNanos() {
        if (ending == Ending.OPEN) {
            throw new IllegalStateException("connection " + number + " is open");
        }
        return endedAtNanos;
    }

    /**
     * Waits until the peer has ended the connection.
     *
     * @throws AssertionError if it is still open then
     */
    public Ending awaitEnd(Duration within) {
        Eventually.await("the end of upstream connection " + number, within, () -> ending() != Ending.OPEN);
        return ending();
    }

    synchronized void received(byte[] piece) {
        receivedBytes += piece.length;
        raw.write(piece, 0, Math.min(piece.length, Math.max(0, KEPT_BYTES - raw.size())));
    }

    synchronized void sent(long bytes) {
        sentBytes += bytes;
    }

    synchronized void started(RecordedRequest request) {
        requests.add(request);
    }

    synchronized void ended(Ending how) {
        if (ending == Ending.OPEN) {
            ending = how;
            endedAtNanos = System.nanoTime();
        }
    }

    @Override
    public String toString() {
        return "connection " + number + " (" + ending() + ", " + requests().size() + " requests)";
    }
}
