package dev.aiproxy.it;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.List;

/** Reads the body of one response as its head frames it (RFC 9112 §6.3) and judges its end. */
final class ResponseBody {
    private static final int READ_BYTES = 64 * 1024;

    private final WireReader wire;
    private final MessageHead head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private List<String> trailers = List.of();

    ResponseBody(WireReader wire, MessageHead head) {
        this.wire = wire;
        this.head = head;
    }

    RawResponse read() throws IOException {
        Integrity integrity = readBody();
        return new RawResponse(head, body.toByteArray(), trailers, integrity);
    }

    private Integrity readBody() throws IOException {
        try {
            if (head.status() == 204 || head.status() == 304) {
                return Integrity.WHOLE;
            }
            if (head.isChunked()) {
                readChunks();
            } else if (head.contentLength().isPresent()) {
                readLength(head.contentLength().get());
            } else {
                readUntilClosed();
            }
            return Integrity.WHOLE;
        } catch (SocketTimeoutException stillOpen) {
            throw stillOpen;
        } catch (ProtocolException broken) {
            return Integrity.BROKEN_FRAMING;
        } catch (EOFException early) {
            return Integrity.CUT_BY_FIN;
        } catch (IOException failure) {
            return Ending.of(failure) == Ending.RST ? Integrity.CUT_BY_RST : Integrity.CUT_BY_FIN;
        }
    }

    private void readChunks() throws IOException {
        for (byte[] chunk = wire.chunk(); chunk.length > 0; chunk = wire.chunk()) {
            body.write(chunk);
        }
        trailers = wire.trailers();
    }

    private void readLength(long length) throws IOException {
        while (body.size() < length) {
            byte[] piece = wire.some((int) Math.min(READ_BYTES, length - body.size()));
            if (piece.length == 0) {
                throw new EOFException("body ended " + (length - body.size()) + " bytes early");
            }
            body.write(piece);
        }
    }

    private void readUntilClosed() throws IOException {
        for (byte[] piece = wire.some(READ_BYTES); piece.length > 0; piece = wire.some(READ_BYTES)) {
            body.write(piece);
        }
    }
}
