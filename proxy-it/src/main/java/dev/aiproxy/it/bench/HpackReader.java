package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the heads that one side of a connection sends (RFC 7541), one block after the other.
 *
 * <p>It keeps a table of 4096 bytes although ours offers none: what is sent before that is known may use one
 * (Caddy's first request), and HAProxy 2.6 never looks.
 */
final class HpackReader {
    private final HpackTable table = new HpackTable();

    /** Reads the block, or as much of it as is wanted; it must be a whole one. */
    void read(ByteBuffer block, Fields fields) throws IOException {
        boolean more = true;
        while (block.hasRemaining() && (more || !table.isOff())) {
            int first = block.get(block.position());
            if ((first & 0xe0) == 0x20) {
                table.resize(number(block, 5));
                continue;
            }
            HpackTable.Field field = field(block, first);
            more &= fields.field(field.name(), field.value());
        }
    }

    private HpackTable.Field field(ByteBuffer block, int first) throws IOException {
        if ((first & 0x80) != 0) {
            return table.at(number(block, 7));
        }
        boolean kept = (first & 0x40) != 0;
        int index = number(block, kept ? 6 : 4);
        String name = index == 0 ? string(block) : table.at(index).name();
        HpackTable.Field field = new HpackTable.Field(name, string(block));
        if (kept) {
            table.add(field);
        }
        return field;
    }

    /** RFC 7541 §5.1: what fits into the last bits of a byte, or all of them set and the rest behind it. */
    static int number(ByteBuffer from, int bits) throws IOException {
        int most = (1 << bits) - 1;
        int number = next(from) & most;
        if (number < most) {
            return number;
        }
        int shift = 0;
        int next;
        do {
            if (shift > 21) {
                throw new Http2Failure("a number of a head that is larger than any head");
            }
            next = next(from);
            number += (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    private static String string(ByteBuffer from) throws IOException {
        boolean compressed = from.hasRemaining() && from.get(from.position()) < 0;
        int length = number(from, 7);
        if (length > from.remaining()) {
            throw new Http2Failure("a head that ends within a string");
        }
        if (compressed) {
            return Huffman.decode(from, length);
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte next(ByteBuffer from) throws IOException {
        if (!from.hasRemaining()) {
            throw new Http2Failure("a head that ends within a number");
        }
        return from.get();
    }

    /** What it holds of earlier heads. */
    HpackTable table() {
        return table;
    }

    /** Takes the fields in their order, and says whether more are wanted. */
    interface Fields {
        boolean field(String name, String value);
    }
}
