package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/** Builds a message head byte for byte. Text is ISO-8859-1, so that every byte a parser read goes out as it came in. */
final class HeadWriter {

    private byte[] bytes = new byte[512];
    private int length;

    HeadWriter text(String text) {
        int end = reserve(text.length());
        copyLatin1(text, bytes, length);
        length = end;
        return this;
    }

    HeadWriter bytes(byte[] source, int from, int to) {
        int end = reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length = end;
        return this;
    }

    private int reserve(int count) {
        int end = length + count;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        return end;
    }

    HeadWriter field(String name, String value) {
        return text(name).text(": ").text(value).text("\r\n");
    }

    /**
     * Adds a parsed field as it was on the wire.
     *
     * @param raw the head it came in; without it, the field is spelt as it was parsed
     * @param number number of the field in that head, from 0
     */
    HeadWriter field(HttpField field, @Nullable RawHead raw, int number) {
        if (raw != null) {
            raw.copyField(number, this);
            return this;
        }
        return field(field.getName(), field.getValue() == null ? "" : field.getValue());
    }

    int length() {
        return length;
    }

    void writeTo(ByteBuffer target) {
        target.put(bytes, 0, length);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    // Deprecated for dropping the high byte, which is just what ISO-8859-1 means, and four times as fast as encoding.
    @SuppressWarnings("deprecation")
    private static void copyLatin1(String text, byte[] target, int offset) {
        text.getBytes(0, text.length(), target, offset);
    }
}
