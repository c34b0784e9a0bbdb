package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;

/** The frames of HTTP/2 (RFC 9113 §6) that the benchmark sends or understands. */
final class Frame {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int HEAD_BYTES = 9;
    /** The largest payload that everyone takes, and the largest that is taken here. */
    static final int MOST_PAYLOAD_BYTES = 16_384;

    static final int CANCEL = 8;
    private static final String[] ERRORS = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };

    private static final int STREAM_AT = 5;

    private Frame() {}

    static ByteBuffer of(int type, int flags, int stream, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + payload.length);
        putHead(frame, payload.length, type, flags, stream);
        return frame.put(payload).flip();
    }

    static void putHead(ByteBuffer into, int payloadBytes, int type, int flags, int stream) {
        into.putInt(payloadBytes << 8 | type).put((byte) flags).putInt(stream);
    }

    /** Makes a frame that begins there one of another stream. */
    static void putStream(ByteBuffer frames, int frameAt, int stream) {
        frames.putInt(frameAt + STREAM_AT, stream);
    }

    static ByteBuffer reset(int stream) {
        return of(RST_STREAM, 0, stream, fourBytes(CANCEL));
    }

    static ByteBuffer windowUpdate(int stream, int bytes) {
        return of(WINDOW_UPDATE, 0, stream, fourBytes(bytes));
    }

    /** Leaves what is between the length of the padding and the padding. */
    static void unpad(int flags, ByteBuffer payload) throws Http2Failure {
        if ((flags & PADDED) == 0) {
            return;
        }
        int paddingBytes = payload.get() & 0xff;
        if (paddingBytes > payload.remaining()) {
            throw new Http2Failure("padding that is longer than its frame");
        }
        payload.limit(payload.limit() - paddingBytes);
    }

    /** What HEADERS may begin with: another stream, and a weight. */
    static void skipPriority(int flags, ByteBuffer payload) {
        if ((flags & WITH_PRIORITY) != 0) {
            payload.getInt();
            payload.get();
        }
    }

    private static byte[] fourBytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    static String error(int code) {
        return code >= 0 && code < ERRORS.length ? ERRORS[code] : "error " + Integer.toUnsignedString(code);
    }
}
