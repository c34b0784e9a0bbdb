package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Reads the frames of HTTP/2 from pieces of any size. Only a frame that came in pieces is copied. */
final class FrameReader {
    private final Frames frames;
    private ByteBuffer begun = ByteBuffer.allocate(0);

    FrameReader(Frames frames) {
        this.frames = frames;
    }

    /** Takes all bytes of the piece. */
    void read(ByteBuffer piece) throws IOException {
        if (begun.position() > 0 && !complete(piece)) {
            return;
        }
        while (piece.remaining() >= Frame.HEAD_BYTES
                && piece.remaining() >= Frame.HEAD_BYTES + payloadBytes(piece, piece.position())) {
            pass(piece);
        }
        if (piece.hasRemaining()) {
            begin(piece);
        }
    }

    /** Adds to the frame that was begun; whether all of it was there. */
    private boolean complete(ByteBuffer piece) throws IOException {
        if (!fill(piece, Frame.HEAD_BYTES) || !fill(piece, Frame.HEAD_BYTES + payloadBytes(begun, 0))) {
            return false;
        }
        begun.flip();
        pass(begun);
        begun.clear();
        return true;
    }

    private boolean fill(ByteBuffer piece, int until) {
        int bytes = Math.min(until - begun.position(), piece.remaining());
        if (bytes > 0) {
            begun.put(begun.position(), piece, piece.position(), bytes);
            begun.position(begun.position() + bytes);
            piece.position(piece.position() + bytes);
        }
        return begun.position() >= until;
    }

    private void begin(ByteBuffer piece) {
        if (begun.capacity() == 0) {
            begun = ByteBuffer.allocate(Frame.HEAD_BYTES + Frame.MOST_PAYLOAD_BYTES);
        }
        begun.put(piece);
    }

    private static int payloadBytes(ByteBuffer frame, int at) throws IOException {
        int bytes = frame.getInt(at) >>> 8;
        if (bytes > Frame.MOST_PAYLOAD_BYTES) {
            throw new Http2Failure("a frame of " + bytes + " bytes");
        }
        return bytes;
    }

    private void pass(ByteBuffer piece) throws IOException {
        int limit = piece.limit();
        int end = piece.position() + Frame.HEAD_BYTES + payloadBytes(piece, piece.position());
        int type = piece.getInt() & 0xff;
        int flags = piece.get();
        int stream = piece.getInt() & Integer.MAX_VALUE;
        try {
            frames.frame(type, flags, stream, piece.limit(end));
        } catch (BufferUnderflowException failure) {
            throw new Http2Failure("a frame of type " + type + " that is too short");
        }
        piece.limit(limit).position(end);
    }

    /** Receives what was read. */
    interface Frames {
        /** One whole frame; what is left of its payload is skipped. */
        void frame(int type, int flags, int stream, ByteBuffer payload) throws IOException;
    }
}
