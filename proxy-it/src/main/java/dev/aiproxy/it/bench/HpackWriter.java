package dev.aiproxy.it.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a head for HTTP/2 in the simplest way: what the static table has by its number, all else in full. */
final class HpackWriter {
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();

    /** Takes a name in lower case; those that begin with a colon come first. */
    HpackWriter field(String name, String value) {
        int index = HpackTable.indexOf(new HpackTable.Field(name, value));
        if (index > 0) {
            number(0x80, 7, index);
            return this;
        }
        int nameIndex = HpackTable.indexOfName(name);
        number(0, 4, nameIndex);
        if (nameIndex == 0) {
            string(name);
        }
        string(value);
        return this;
    }

    byte[] block() {
        return block.toByteArray();
    }

    private void string(String text) {
        number(0, 7, text.length());
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void number(int pattern, int bits, int number) {
        int most = (1 << bits) - 1;
        if (number < most) {
            block.write(pattern | number);
            return;
        }
        block.write(pattern | most);
        int rest = number - most;
        while (rest > 0x7f) {
            block.write(rest & 0x7f | 0x80);
            rest >>= 7;
        }
        block.write(rest);
    }
}
