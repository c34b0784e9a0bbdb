package dev.aiproxy.internal;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A message head as it was on the wire. Jetty's parser spells known names its own way and forgets the white space, so
 * fields that are passed on are copied from here, while their meaning is taken from Jetty.
 */
final class RawHead {

    private final byte[] bytes;
    /** Where each line starts: the start line first, then the fields; the last entry is where the empty line starts. */
    private final int[] starts;

    private RawHead(byte[] bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    /**
     * Finds the lines of a head.
     *
     * @param bytes start with the head and are not changed later
     * @param end where the head ends, behind its empty line
     * @param fields what Jetty parsed from it
     * @return empty if the two do not belong together, line by line
     */
    static @Nullable RawHead of(byte[] bytes, int begin, int end, HttpFields fields) {
        int[] starts = new int[fields.size() + 2];
        int line = 0;
        int start = begin;
        while (line < starts.length) {
            starts[line++] = start;
            start = endOfLine(bytes, start, end);
            if (start < 0) {
                return null;
            }
        }
        RawHead head = new RawHead(bytes, starts);
        return start == end && head.names(fields) ? head : null;
    }

    private static int endOfLine(byte[] bytes, int start, int end) {
        for (int i = start; i + 1 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }

    private boolean names(HttpFields fields) {
        int line = 1;
        for (HttpField field : fields) {
            if (!isNamed(line++, field.getName())) {
                return false;
            }
        }
        return true;
    }

    private boolean isNamed(int line, String name) {
        int start = starts[line];
        if (start + name.length() >= starts[line + 1] || bytes[start + name.length()] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lowerCase(bytes[start + i]) != lowerCase((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lowerCase(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    }

    /** The start line without its CRLF. */
    String startLine() {
        return new String(bytes, starts[0], starts[1] - starts[0] - 2, StandardCharsets.ISO_8859_1);
    }

    /** The request target, empty if it is in another form than origin-form or asterisk-form. */
    String originFormTarget() {
        String line = startLine();
        int begin = line.indexOf(' ') + 1;
        int end = line.lastIndexOf(' ');
        boolean isOriginForm = begin < end && (line.charAt(begin) == '/' || line.charAt(begin) == '*');
        return isOriginForm ? line.substring(begin, end) : "";
    }

    /** The name of a field as it was spelt; the first field has number 0. */
    String name(int field, int length) {
        return new String(bytes, starts[field + 1], length, StandardCharsets.ISO_8859_1);
    }

    /** Copies the line of a field, CRLF included. */
    void copyField(int field, HeadWriter target) {
        target.bytes(bytes, starts[field + 1], starts[field + 2]);
    }
}
