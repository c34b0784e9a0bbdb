package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds a message head byte for byte. Text is ISO-8859-1, so that every byte a parser read goes out as it came in. */
final class HeadWriter {

    private byte[] bytes = new byte[512];
    private int length;

    HeadWriter text(String text) {
        int end = length + text.length();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        copyLatin1(text, bytes, length);
        length = end;
        return this;
    }

    HeadWriter field(String name, String value) {
        return text(name).text(": ").text(value).text("\r\n");
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
