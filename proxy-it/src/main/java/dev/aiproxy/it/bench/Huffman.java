package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the strings that HPACK compresses (RFC 7541 §5.2), a bit at a time: they are short, and few. */
final class Huffman {
    /**
     * How many bits stand for each byte, then for the end of a string (RFC 7541 appendix B). No more is needed: codes of the
     * same length follow each other in the order of what they stand for.
     */
    private static final int[] BITS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
    };

    private static final int LONGEST = 30;
    private static final int END = 256;
    /** By the number of bits: the first such code, how many there are, and where what they stand for begins in the list of all. */
    private static final int[] FIRST_CODE = new int[LONGEST + 1];

    private static final int[] COUNT = new int[LONGEST + 1];
    private static final int[] BEGIN = new int[LONGEST + 1];
    private static final int[] SYMBOLS = new int[BITS.length];

    static {
        int code = 0;
        int listed = 0;
        for (int bits = 1; bits <= LONGEST; bits++) {
            code <<= 1;
            FIRST_CODE[bits] = code;
            BEGIN[bits] = listed;
            for (int symbol = 0; symbol < BITS.length; symbol++) {
                if (BITS[symbol] == bits) {
                    SYMBOLS[listed++] = symbol;
                }
            }
            COUNT[bits] = listed - BEGIN[bits];
            code += COUNT[bits];
        }
    }

    private Huffman() {}

    /** Takes so many bytes; what is left of the last one is filled with ones, as the end of a string begins. */
    static String decode(ByteBuffer from, int length) throws IOException {
        StringBuilder text = new StringBuilder(2 * length);
        int code = 0;
        int bits = 0;
        for (int at = 0; at < 8 * length; at++) {
            int octet = from.get(from.position() + at / 8);
            code = code << 1 | octet >> 7 - at % 8 & 1;
            bits++;
            if (bits > LONGEST) {
                throw new Http2Failure("a string that no Huffman code begins");
            }
            int place = code - FIRST_CODE[bits];
            if (place < COUNT[bits]) {
                text.append(symbol(BEGIN[bits] + place));
                code = 0;
                bits = 0;
            }
        }
        if (bits > 7 || code != (1 << bits) - 1) {
            throw new Http2Failure("a string that ends within a Huffman code");
        }
        from.position(from.position() + length);
        return text.toString();
    }

    private static char symbol(int place) throws IOException {
        if (SYMBOLS[place] == END) {
            throw new Http2Failure("a string with its own end in it");
        }
        return (char) SYMBOLS[place];
    }
}
