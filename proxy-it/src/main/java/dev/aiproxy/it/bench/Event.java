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
    private static final String CHUNK_END = "\r\n";

    private final ByteBuffer framed;
    private final int stampAt;

    private Event(ByteBuffer head, String end) {
        String zeros = "0".repeat(STAMP_DIGITS);
        int textBytes = BYTES - BEFORE_STAMP.length() - STAMP_DIGITS - AFTER_STAMP.length() - END.length();
        String event = BEFORE_STAMP + zeros + AFTER_STAMP + "x".repeat(textBytes) + END + end;
        stampAt = head.remaining() + STAMP_AT;
        framed = ByteBuffer.allocateDirect(head.remaining() + event.length());
        framed.put(head).put(event.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A chunk of HTTP/1.1. */
    static Event chunk() {
        return new Event(StandardCharsets.ISO_8859_1.encode(CHUNK_HEAD), CHUNK_END);
    }

    /** A frame of HTTP/2, of no stream yet. */
    static Event frame() {
        ByteBuffer head = ByteBuffer.allocate(Frame.HEAD_BYTES);
        Frame.putHead(head, BYTES, Frame.DATA, 0, 0);
        return new Event(head.flip(), "");
    }

    /** One event sent now, framed; valid until the next call. */
    ByteBuffer stampedNow() {
        framed.clear();
        long left = System.nanoTime();
        for (int digit = STAMP_DIGITS - 1; digit >= 0; digit--) {
            framed.put(stampAt + digit, (byte) ('0' + left % 10));
            left /= 10;
        }
        return framed;
    }
}
