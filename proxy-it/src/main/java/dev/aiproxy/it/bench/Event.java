package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The one event all streams are made of: 220 bytes, as long as a token's in an AI stream, with the time it was sent. */
final class Event {
    static final int BYTES = 220;
    static final int STAMP_DIGITS = 20;
    private static final String BEFORE_STAMP = "event: content_block_delta\ndata: {\"sent\":\"";
    static final int STAMP_AT = BEFORE_STAMP.length();
    private static final String AFTER_STAMP =
            "\",\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"";
    private static final String END = "\"}}\n\n";
    private static final String CHUNK_HEAD = Integer.toHexString(BYTES) + "\r\n";

    private final ByteBuffer chunk;

    Event() {
        String zeros = "0".repeat(STAMP_DIGITS);
        int textBytes = BYTES - BEFORE_STAMP.length() - STAMP_DIGITS - AFTER_STAMP.length() - END.length();
        String event = BEFORE_STAMP + zeros + AFTER_STAMP + "x".repeat(textBytes) + END;
        byte[] bytes = (CHUNK_HEAD + event + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        chunk = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    /** One chunk holding one event sent now; valid until the next call. */
    ByteBuffer stampedNow() {
        chunk.clear();
        long left = System.nanoTime();
        int digitsAt = CHUNK_HEAD.length() + STAMP_AT;
        for (int digit = STAMP_DIGITS - 1; digit >= 0; digit--) {
            chunk.put(digitsAt + digit, (byte) ('0' + left % 10));
            left /= 10;
        }
        return chunk;
    }
}
