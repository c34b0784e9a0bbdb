package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What each side of an HTTP/2 connection says first (RFC 9113 §3.4): that it takes as much as comes. */
final class Http2Greeting {
    /** Before all frames of a client. */
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    /** As many as nginx takes. A proxy with more streams needs more connections, as with most AI servers. */
    static final int MOST_STREAMS = 128;

    private static final int HEADER_TABLE_SIZE = 1;
    private static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    private static final int LARGEST_WINDOW = Integer.MAX_VALUE;
    static final int FIRST_WINDOW = 65_535;
    private static final int LONGEST_BYTES = 128;

    private Http2Greeting() {}

    static ByteBuffer ofClient() {
        ByteBuffer greeting = ByteBuffer.allocate(LONGEST_BYTES);
        greeting.put(PREFACE.getBytes(StandardCharsets.US_ASCII));
        return limits(greeting, ENABLE_PUSH, 0);
    }

    static ByteBuffer ofServer() {
        return limits(ByteBuffer.allocate(LONGEST_BYTES), MAX_CONCURRENT_STREAMS, MOST_STREAMS);
    }

    private static ByteBuffer limits(ByteBuffer into, int setting, int value) {
        ByteBuffer settings = ByteBuffer.allocate(18);
        put(settings, HEADER_TABLE_SIZE, 0);
        put(settings, INITIAL_WINDOW_SIZE, LARGEST_WINDOW);
        put(settings, setting, value);
        into.put(Frame.of(Frame.SETTINGS, 0, 0, settings.array()));
        return into.put(Frame.windowUpdate(0, LARGEST_WINDOW - FIRST_WINDOW)).flip();
    }

    private static void put(ByteBuffer settings, int setting, int value) {
        settings.putShort((short) setting).putInt(value);
    }
}
