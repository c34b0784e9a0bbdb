package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads HTTP/1.1 messages, one after the other, from pieces of any size. Made for peers that mean well: it is lean, not
 * strict.
 */
final class MessageReader {
    private static final int LARGEST_HEAD_BYTES = 65_536;

    private final Parts parts;
    private final boolean responses;
    private byte[] head = new byte[512];
    private int headBytes;
    private State state = State.HEAD;
    private long remaining;

    private MessageReader(Parts parts, boolean responses) {
        this.parts = parts;
        this.responses = responses;
    }

    static MessageReader ofRequests(Parts parts) {
        return new MessageReader(parts, false);
    }

    static MessageReader ofResponses(Parts parts) {
        return new MessageReader(parts, true);
    }

    /** Takes all bytes of the piece. */
    void read(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            switch (state) {
                case HEAD -> readHead(piece);
                case FIXED, CHUNK -> readBody(piece);
                case SIZE -> readSize(piece);
                case TRAILER -> readTrailer(piece);
                case UNTIL_CLOSE -> {
                    parts.body(piece);
                    piece.position(piece.limit());
                }
            }
        }
    }

    /** Whether an end of the connection now ends a message that has no other end. */
    boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    private void readHead(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            append(piece.get());
            if (headBytes >= 4 && head[headBytes - 1] == '\n' && head[headBytes - 3] == '\n') {
                String text = new String(head, 0, headBytes, StandardCharsets.ISO_8859_1);
                headBytes = 0;
                begin(text);
                return;
            }
        }
    }

    private void begin(String text) throws IOException {
        String fields = text.toLowerCase(Locale.ROOT);
        parts.head(text);
        if (fields.contains("\r\ntransfer-encoding: chunked")) {
            state = State.SIZE;
            remaining = 0;
            return;
        }
        int length = fields.indexOf("\r\ncontent-length:");
        if (length < 0 && responses) {
            state = State.UNTIL_CLOSE;
            return;
        }
        remaining = length < 0 ? 0 : number(fields, length + "\r\ncontent-length:".length());
        state = State.FIXED;
        if (remaining == 0) {
            end();
        }
    }

    private static long number(String fields, int from) {
        return Long.parseLong(fields.substring(from, fields.indexOf('\r', from)).trim());
    }

    private void readBody(ByteBuffer piece) throws IOException {
        int length = (int) Math.min(remaining, piece.remaining());
        int limit = piece.limit();
        piece.limit(piece.position() + length);
        parts.body(piece);
        piece.position(piece.limit()).limit(limit);
        remaining -= length;
        if (remaining > 0) {
            return;
        }
        if (state == State.FIXED) {
            end();
            return;
        }
        state = State.SIZE;
    }

    /** Reads the line of a chunk's size, and the line end before it. */
    private void readSize(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            int digit = Character.digit(next, 16);
            if (digit >= 0) {
                remaining = remaining * 16 + digit;
                headBytes++;
            } else if (next == '\n' && headBytes > 0) {
                headBytes = 0;
                state = remaining == 0 ? State.TRAILER : State.CHUNK;
                return;
            }
        }
    }

    private void readTrailer(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next == '\n' && headBytes == 0) {
                end();
                return;
            }
            if (next == '\n') {
                headBytes = 0;
            } else if (next != '\r') {
                headBytes++;
            }
        }
    }

    private void end() throws IOException {
        state = State.HEAD;
        headBytes = 0;
        parts.end();
    }

    private void append(byte next) throws IOException {
        if (headBytes == head.length) {
            if (headBytes == LARGEST_HEAD_BYTES) {
                throw new IOException("head larger than " + LARGEST_HEAD_BYTES + " bytes");
            }
            head = Arrays.copyOf(head, headBytes * 2);
        }
        head[headBytes++] = next;
    }

    /** Receives what was read. */
    interface Parts {
        void head(String text) throws IOException;

        /** Some of the body; what is left in the buffer is skipped. */
        void body(ByteBuffer piece) throws IOException;

        void end() throws IOException;
    }

    private enum State {
        HEAD,
        FIXED,
        SIZE,
        CHUNK,
        TRAILER,
        UNTIL_CLOSE
    }
}
