package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One request exactly as a {@link ScriptedUpstream} got it; the body grows while it is being read. Any thread may ask;
 * guarded by itself.
 */
public final class RecordedRequest {
    private static final int KEPT_BODY_BYTES = 4 * 1024 * 1024;

    private final RecordedConnection connection;
    private final MessageHead head;
    private final long arrivedAtNanos = System.nanoTime();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CRC32C checksum = new CRC32C();
    private long bodyBytes;
    private List<String> trailers = List.of();
    private boolean complete;

    RecordedRequest(RecordedConnection connection, MessageHead head) {
        this.connection = connection;
        this.head = head;
    }

    /** The connection it came on. */
    public RecordedConnection connection() {
        return connection;
    }

    /** The head, byte for byte. */
    public MessageHead head() {
        return head;
    }

    /** The method as it was written. */
    public String method() {
        return head.startLine().split(" ", 2)[0];
    }

    /** What stands between method and version, byte for byte. */
    public String target() {
        String line = head.startLine();
        return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    /** When the head was complete, as of {@link System#nanoTime()}. */
    public long arrivedAtNanos() {
        return arrivedAtNanos;
    }

    /** The first four megabytes of the body, framing taken off, one character per byte. */
    public synchronized String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    /** How much of the body has been read. */
    public synchronized long bodyBytes() {
        return bodyBytes;
    }

    /** CRC-32C of what has been read of the body. */
    public synchronized long bodyChecksum() {
        return checksum.getValue();
    }

    /** The trailer lines after a chunked body. */
    public synchronized List<String> trailers() {
        return trailers;
    }

    /** Whether the request has been read to its end. */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** Waits until so much of the body has been read. */
    public RecordedRequest awaitBody(long bytes) {
        Eventually.await(bytes + " bytes of request body at the upstream", () -> bodyBytes() >= bytes);
        return this;
    }

    /** Waits until the request has been read to its end. */
    public RecordedRequest awaitComplete() {
        Eventually.await("the end of the request body at the upstream", this::isComplete);
        return this;
    }

    synchronized void read(byte[] data) {
        bodyBytes += data.length;
        checksum.update(data);
        body.write(data, 0, Math.min(data.length, Math.max(0, KEPT_BODY_BYTES - body.size())));
    }

    synchronized void completed(List<String> trailerLines) {
        trailers = List.copyOf(trailerLines);
        complete = true;
    }

    @Override
    public String toString() {
        return head.startLine() + " on " + connection;
    }
}
