package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Follows the bytes read from a connection and keeps those of heads until they have been parsed. For one thread at a
 * time.
 */
final class HeadCapture {

    /** Length of a body whose end cannot be told from here, as that of a chunked one. */
    static final long UNKNOWN_LENGTH = Long.MAX_VALUE;

    private static final byte[] NOTHING = {};

    private byte[] kept = NOTHING;
    /** Bytes to come that belong to a body. */
    private long bodyAhead;

    /** The last {@code count} bytes of this buffer have just been read. */
    void filled(ByteBuffer buffer, int count) {
        int ofBody = (int) Math.min(bodyAhead, count);
        if (bodyAhead != UNKNOWN_LENGTH) {
            bodyAhead -= ofBody;
        }
        int ofHead = count - ofBody;
        if (ofHead > 0) {
            int length = kept.length;
            kept = Arrays.copyOf(kept, length + ofHead);
            buffer.get(buffer.limit() - ofHead, kept, length, ofHead);
        }
    }

    /** What is read from now on is a head. */
    void reset() {
        bodyAhead = 0;
        kept = NOTHING;
    }

    /** The body of unknown length is over: what is read from now on is a head. */
    void bodyEnds() {
        bodyAhead = 0;
    }

    /** Whether what is read next begins or continues a head. */
    boolean isAtHead() {
        return bodyAhead == 0;
    }

    boolean isEmpty() {
        return kept.length == 0;
    }

    /**
     * Takes the first head.
     *
     * @param fields what Jetty parsed from it
     * @param bodyLength bytes behind the head that belong to its body
     * @return nothing if what was kept is not that head: a request that was sent right behind a chunked body
     */
    @Nullable
    RawHead take(HttpFields fields, long bodyLength) {
        byte[] bytes = kept;
        kept = NOTHING;
        int begin = 0;
        while (begin + 1 < bytes.length && bytes[begin] == '\r' && bytes[begin + 1] == '\n') {
            // RFC 9112 §2.2: empty lines before a request are to be ignored.
            begin += 2;
        }
        int end = endOfHead(bytes, begin);
        if (end < 0) {
            return null;
        }
        int behindHead = bytes.length - end;
        if (bodyLength >= behindHead) {
            bodyAhead = bodyLength == UNKNOWN_LENGTH ? UNKNOWN_LENGTH : bodyLength - behindHead;
        } else {
            kept = Arrays.copyOfRange(bytes, end + (int) bodyLength, bytes.length);
        }
        return RawHead.of(bytes, begin, end, fields);
    }

    private static int endOfHead(byte[] bytes, int begin) {
        for (int i = begin; i + 3 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }
}
