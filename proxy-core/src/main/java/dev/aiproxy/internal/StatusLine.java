package dev.aiproxy.internal;

import java.nio.ByteBuffer;

/** The first line of a response, as Jetty's parser wants it. */
final class StatusLine {

    /** Where the reason phrase begins: behind {@code HTTP/1.1 200} and a space. */
    static final int REASON_OFFSET = 13;

    /** What the parser finds instead. */
    static final String HARMLESS = "?";

    private static final String BEGINNING = "HTTP/1.";

    private StatusLine() {}

    /**
     * Replaces the first byte of a reason phrase that Jetty refuses there, and nowhere else in it: RFC 9112 §4 allows a tab
     * and obs-text. Who has kept the line as it was can pass it on.
     *
     * @param begin where the line begins in the buffer
     */
    static void makeHarmless(ByteBuffer buffer, int begin) {
        int at = begin + REASON_OFFSET;
        if (at >= buffer.limit() || !isOdd(buffer.get(at)) || buffer.get(at - 1) != ' ') {
            return;
        }
        for (int i = 0; i < BEGINNING.length(); i++) {
            if (buffer.get(begin + i) != BEGINNING.charAt(i)) {
                return;
            }
        }
        buffer.put(at, (byte) HARMLESS.charAt(0));
    }

    private static boolean isOdd(byte first) {
        return first < 0 || first == '\t';
    }
}
