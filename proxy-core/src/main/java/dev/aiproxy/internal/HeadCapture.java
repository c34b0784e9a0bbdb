package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Follows the bytes read from a connection and keeps those of heads until they have been parsed, so that their fields can be
 * passed on as they were spelt. Where it loses its place, fields go on as Jetty spells them. For one thread at a time.
 */
final class HeadCapture {

    /** Length of a body whose end cannot be told from here, as that of a chunked one. */
    static final long UNKNOWN_LENGTH = Long.MAX_VALUE;

    private static final byte[] NOTHING = {};
    /** The largest head that can be configured, and what may come with it in one read. */
    private static final int MAX_BYTES = 1024 * 1024 + 64 * 1024;

    private byte[] kept = NOTHING;
    private int length;
    /** Bytes to come that belong to a body. */
    private long bodyAhead;

    /** Whether the next head may have begun among bytes that were taken for the end of a body. */
    private boolean mayLackBeginning;

    /** The last {@code count} bytes of this buffer have just been read. */
    void filled(ByteBuffer buffer, int count) {
        int ofBody = (int) Math.min(bodyAhead, count);
        if (bodyAhead != UNKNOWN_LENGTH) {
            bodyAhead -= ofBody;
        }
        int ofHead = count - ofBody;
        if (ofHead == 0) {
            return;
        }
        if (length + ofHead > MAX_BYTES) {
            lose();
            return;
        }
        if (length + ofHead > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(length + ofHead, 2 * length));
        }
        buffer.get(buffer.limit() - ofHead, kept, length, ofHead);
        length += ofHead;
    }

    /** What is read from now on is a head. */
    void reset() {
        bodyAhead = 0;
        kept = NOTHING;
        length = 0;
    }

    /** The message whose head was taken is over. */
    void bodyEnds() {
        if (bodyAhead == UNKNOWN_LENGTH) {
            bodyAhead = 0;
            mayLackBeginning = true;
        }
    }

    private void lose() {
        reset();
        bodyAhead = UNKNOWN_LENGTH;
    }

    /** Whether what is read next begins a head. */
    boolean isAtStart() {
        return length == 0 && bodyAhead == 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Takes the first head, which is a request's.
     *
     * @param method as Jetty parsed it
     * @return nothing also if the beginning is not there, as it came with the end of a chunked body
     */
    @Nullable
    RawHead takeRequest(String method, HttpFields fields, long bodyLength) {
        boolean isUnsure = mayLackBeginning;
        mayLackBeginning = false;
        RawHead head = take(fields, bodyLength);
        return head != null && isUnsure && !head.isStartedBy(method) ? null : head;
    }

    /**
     * Takes the first head.
     *
     * @param fields what Jetty parsed from it
     * @param bodyLength bytes behind the head that belong to its body
     * @return nothing if what was kept says something else: as a request that was sent right behind a chunked body
     */
    @Nullable
    RawHead take(HttpFields fields, long bodyLength) {
        int begin = 0;
        while (begin + 1 < length && kept[begin] == '\r' && kept[begin + 1] == '\n') {
            // RFC 9112 §2.2: empty lines before a request are to be ignored.
            begin += 2;
        }
        int end = endOfHead(begin);
        RawHead head = end < 0 ? null : RawHead.of(kept, begin, end, fields);
        if (head == null) {
            lose();
            return null;
        }
        int behindHead = length - end;
        byte[] bytes = kept;
        reset();
        if (bodyLength >= behindHead) {
            bodyAhead = bodyLength == UNKNOWN_LENGTH ? UNKNOWN_LENGTH : bodyLength - behindHead;
        } else {
            kept = Arrays.copyOfRange(bytes, end + (int) bodyLength, end + behindHead);
            length = kept.length;
        }
        return head;
    }

    private int endOfHead(int begin) {
        for (int i = begin; i + 3 < length; i++) {
            if (kept[i] == '\r' && kept[i + 1] == '\n' && kept[i + 2] == '\r' && kept[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }
}
