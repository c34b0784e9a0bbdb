package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * What may stand behind a head with {@code Transfer-Encoding: chunked} and ends in two places, or nowhere: none of it is a
 * whole body. Text is ISO-8859-1, one character a byte.
 */
final class ChunkAttacks {
    private static final List<String> CHUNK_SIZES = List.of(
            "",
            "z",
            "3z",
            "-3",
            "+3",
            "0x3",
            " 3",
            "\t3",
            "3 ",
            "3,",
            "3.",
            "3_0",
            "three",
            "\u00b3",
            "3\u0000",
            "3\u000b",
            "3\n",
            "3\r",
            "\n3",
            "\r\n3",
            "00000000000000003",
            "FFFFFFFFFFFFFFFF",
            "FFFFFFFFFFFFFFFFF",
            "10000000000000003",
            "8000000000000003",
            "3;a\nb",
            "3;a\rb",
            "3;a\u0000b",
            "3;\n",
            "3;a=\"b\nc\"",
            "3;" + "a".repeat(100_000));

    private static final List<String> TRAILERS = List.of(
            "A : b",
            " A: b",
            "A\u0000: b",
            "A: b\u0000",
            "A: b\nC: d",
            "A: b\rC: d",
            "A",
            ": b",
            "A: b\r\n c",
            "A(b): c",
            "A: " + "b".repeat(100_000));

    private final List<Named<String>> cases = new ArrayList<>();

    private ChunkAttacks() {}

    static Stream<Named<String>> all() {
        ChunkAttacks attacks = new ChunkAttacks();
        attacks.addChunkSizes();
        attacks.addChunkEnds();
        attacks.addTrailers();
        return attacks.cases.stream();
    }

    private void addChunkSizes() {
        for (String size : CHUNK_SIZES) {
            String label = size.length() > 40 ? "an extension of 100 kB" : size;
            add("chunk size [" + label + "]", size + "\r\nabc\r\n0\r\n\r\n");
        }
        add("chunk of 9 EB", "7fffffffffffffff\r\nabc\r\n0\r\n\r\n");
        add("chunk of 4 GiB and 3", "100000003\r\nabc\r\n0\r\n\r\n");
    }

    private void addChunkEnds() {
        add("size too small", "2\r\nabc\r\n0\r\n\r\n");
        add("size too large", "4\r\nabc\r\n0\r\n\r\n");
        add("no line end behind data", "3\r\nabc0\r\n\r\n");
        add("line feed behind data", "3\r\nabc\n0\r\n\r\n");
        add("carriage return behind data", "3\r\nabc\r0\r\n\r\n");
        add("letters behind data", "3\r\nabcXX0\r\n\r\n");
        add("line feed behind the size", "3\nabc\r\n0\r\n\r\n");
        add("line feed behind the last size", "3\r\nabc\r\n0\n\r\n");
        add("line feeds at the end", "3\r\nabc\r\n0\n\n");
        add("carriage return behind the last size", "3\r\nabc\r\n0\r\r\n");
        add("letter behind the last size", "3\r\nabc\r\n0x\r\n\r\n");
        add("last size negative", "3\r\nabc\r\n-0\r\n\r\n");
    }

    private void addTrailers() {
        for (String line : TRAILERS) {
            String label = line.length() > 40 ? "100 kB" : line;
            add("trailer [" + label + "]", "3\r\nabc\r\n0\r\n" + line + "\r\n\r\n");
        }
        add("line feed as the end of trailers", "3\r\nabc\r\n0\r\nA: b\r\n\n");
        add("line feed behind a trailer", "3\r\nabc\r\n0\r\nA: b\n\r\n");
    }

    private void add(String name, String body) {
        cases.add(Named.of(name, body));
    }
}
