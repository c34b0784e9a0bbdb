package dev.aiproxy.internal;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * How the fields of a message were spelt on the wire. Jetty's parser spells known names its own way and forgets the white
 * space, so fields that are passed on are copied from here.
 *
 * <p>A raw head exists only where each of its lines says exactly what Jetty parsed: the same names but for their case, the
 * same values but for the white space around them. So it does not matter for safety whether it was found in the right
 * place: nothing can go on that means something else than what was checked.
 */
final class RawHead {

    private final byte[] bytes;
    private final int begin;
    /** Where the line of each field starts; the last entry is where the empty line starts. */
    private final int[] starts;

    private RawHead(byte[] bytes, int begin, int[] starts) {
        this.bytes = bytes;
        this.begin = begin;
        this.starts = starts;
    }

    /**
     * Reads a head.
     *
     * @param bytes hold the head and are not changed later
     * @param begin where its start line begins
     * @param end where the head ends, behind its empty line
     * @param fields what Jetty parsed
     * @return nothing if the lines say something else than the fields
     */
    static @Nullable RawHead of(byte[] bytes, int begin, int end, HttpFields fields) {
        int[] starts = new int[fields.size() + 1];
        int start = endOfLine(bytes, begin, end);
        for (int number = 0; number < fields.size(); number++) {
            starts[number] = start;
            start = endOfLine(bytes, start, end);
            if (start < 0 || !says(bytes, starts[number], start - 2, fields.getField(number))) {
                return null;
            }
        }
        starts[fields.size()] = start;
        return start >= 0 && start + 2 == end ? new RawHead(bytes, begin, starts) : null;
    }

    private static int endOfLine(byte[] bytes, int start, int end) {
        if (start < 0) {
            return -1;
        }
        for (int i = start; i + 1 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }

    private static boolean says(byte[] bytes, int start, int end, HttpField field) {
        String name = field.getName();
        int colon = start + name.length();
        if (colon >= end || bytes[colon] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lowerCase(bytes[start + i]) != lowerCase((byte) name.charAt(i))) {
                return false;
            }
        }
        return isValue(bytes, colon + 1, end, field.getValue() == null ? "" : field.getValue());
    }

    private static boolean isValue(byte[] bytes, int start, int end, String value) {
        int from = start;
        int to = end;
        while (from < to && isWhiteSpace(bytes[from])) {
            from++;
        }
        while (to > from && isWhiteSpace(bytes[to - 1])) {
            to--;
        }
        if (to - from != value.length()) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if ((bytes[from + i] & 0xff) != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhiteSpace(byte value) {
        return value == ' ' || value == '\t';
    }

    private static int lowerCase(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    }

    /**
     * Whether the start line begins with this method and ends with a version in its one spelling (RFC 9112 §2.3): Jetty
     * skips colons in front, and takes {@code http/1.1} as well.
     */
    boolean isStartedBy(String method) {
        int end = starts[0] - 2;
        return isAt(begin, method + " ", end) && (isAt(end - 9, " HTTP/1.1", end) || isAt(end - 9, " HTTP/1.0", end));
    }

    /** The request target as it was written. */
    String requestTarget() {
        String line = new String(bytes, begin, starts[0] - 2 - begin, StandardCharsets.ISO_8859_1);
        int from = line.indexOf(' ');
        int to = line.lastIndexOf(' ');
        return from < to ? line.substring(from + 1, to) : "";
    }

    /** The reason phrase as it was written, if this is the head of a response. */
    String reason() {
        int from = begin + StatusLine.REASON_OFFSET;
        int end = starts[0] - 2;
        return from < end ? new String(bytes, from, end - from, StandardCharsets.ISO_8859_1) : "";
    }

    private boolean isAt(int position, String text, int end) {
        if (position < begin || position + text.length() > end) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[position + i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The name of a field as it was spelt; the first field has number 0. */
    String name(int field, int length) {
        return new String(bytes, starts[field], length, StandardCharsets.ISO_8859_1);
    }

    /** Copies the line of a field, CRLF included. */
    void copyField(int field, HeadWriter target) {
        target.bytes(bytes, starts[field], starts[field + 1]);
    }
}
