package dev.aiproxy.it;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/** Reads the body of one request off the wire and into its record. */
final class RequestBody {
    private static final int READ_BYTES = 64 * 1024;

    private final WireReader wire;
    private final RecordedRequest request;
    private final boolean chunked;
    private long leftBytes;

    RequestBody(WireReader wire, RecordedRequest request) {
        this.wire = wire;
        this.request = request;
        this.chunked = request.head().isChunked();
        this.leftBytes = request.head().contentLength().orElse(0L);
    }

    /** Reads to the end; does nothing when that has been reached. */
    void readAll() throws IOException {
        while (!request.isComplete()) {
            readSome(READ_BYTES);
        }
    }

    /** Reads so many bytes; with chunks, rounded up to the end of one. */
    void readBytes(long bytes) throws IOException {
        long until = request.bodyBytes() + bytes;
        while (!request.isComplete() && request.bodyBytes() < until) {
            readSome((int) Math.min(READ_BYTES, until - request.bodyBytes()));
        }
    }

    private void readSome(int most) throws IOException {
        if (chunked) {
            readChunk();
            return;
        }
        if (leftBytes > 0) {
            byte[] piece = wire.some((int) Math.min(most, leftBytes));
            if (piece.length == 0) {
                throw new EOFException("request body ended " + leftBytes + " bytes early");
            }
            leftBytes -= piece.length;
            request.read(piece);
        }
        if (leftBytes == 0) {
            request.completed(List.of());
        }
    }

    private void readChunk() throws IOException {
        byte[] data = wire.chunk();
        if (data.length == 0) {
            request.completed(wire.trailers());
            return;
        }
        request.read(data);
    }
}
