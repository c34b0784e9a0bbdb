package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Answers of an upstream that is broken, hostile or fooled. Text is ISO-8859-1, one character a byte. */
final class ResponseAttacks {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKS = "3\r\nabc\r\n0\r\n\r\n";

    private static final List<String> STATUS_LINES = List.of(
            "HTTP/1.1 0 OK",
            "HTTP/1.1 2 OK",
            "HTTP/1.1 20 OK",
            "HTTP/1.1 20",
            "HTTP/1.1 2",
            "HTTP/1.1 099 OK",
            "HTTP/1.1 1000 OK",
            "HTTP/1.1 abc OK",
            "HTTP/1.1 -200 OK",
            "HTTP/1.1 2x0 OK",
            "HTTP/1.1",
            "HTTP/1.1 ",
            "HTTP/2.0 200 OK",
            "HTTP/0.9 200 OK",
            "HTTP/1.2 200 OK",
            "ICY 200 OK",
            "HTTP/1.1200 OK",
            "HTTP/1.1\t200 OK",
            " HTTP/1.1 200 OK",
            "200 OK",
            "garbage",
            "HTTP/1.1 200 O\u0000K",
            "HTTP/1.1 200 O\rK",
            "HTTP/1.1 200\u000bOK",
            "HTTP/1.1 101 Switching Protocols");

    private static final List<String> LENGTHS = List.of(
            "+3", "-3", "3, 4", "3 4", "0x3", "three", "", "3;", "\u00b3", "3".repeat(40), "9223372036854775808");

    private static final List<String> FIELD_LINES = List.of(
            "A : b",
            ": b",
            "A",
            "A b: c",
            "A\u0000: b",
            "A: b\u0000c",
            "A: b\u0001c",
            "A: b\u007fc",
            "A: b\rC: d",
            "A: b\r\r",
            "A(b): c",
            "\"A\": b");

    private final List<Named<String>> cases = new ArrayList<>();

    private ResponseAttacks() {}

    /** No client may see any of these, nor what stands behind them. */
    static Stream<Named<String>> invalid() {
        ResponseAttacks attacks = new ResponseAttacks();
        STATUS_LINES.forEach(
                line -> attacks.add("status line [" + line + "]", line + "\r\nContent-Length: 3\r\n\r\nabc"));
        LENGTHS.forEach(
                length -> attacks.add("length [" + length + "]", OK + "Content-Length: " + length + "\r\n\r\nabc"));
        FIELD_LINES.forEach(
                line -> attacks.add("field [" + line + "]", OK + line + "\r\nContent-Length: 3\r\n\r\nabc"));
        FIELD_LINES.forEach(line -> attacks.add(
                "field [" + line + "] of an interim head", "HTTP/1.1 103 Early Hints\r\n" + line + "\r\n\r\n"));
        attacks.add("interim head without an end", "HTTP/1.1 103 Early Hints\r\nA: b\r\n" + OK + "\r\n");
        attacks.add("two lengths", OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd");
        attacks.add("indented first field", OK + " A: b\r\nContent-Length: 3\r\n\r\nabc");
        attacks.add("space before the length's colon", OK + "Content-Length : 3\r\n\r\nabc");
        return attacks.cases.stream();
    }

    /** These may be put right, or refused, or torn; but what goes on must be beyond doubt. */
    static Stream<Named<String>> doubtful() {
        ResponseAttacks attacks = new ResponseAttacks();
        attacks.addCodings();
        attacks.addLineEnds();
        attacks.addFoolish();
        return attacks.cases.stream();
    }

    /** A whole answer {@code abc}, and more than it says. */
    static Stream<Named<String>> tooLong() {
        ResponseAttacks attacks = new ResponseAttacks();
        attacks.add("nothing between", OK + "Content-Length: 3\r\n\r\nabc");
        attacks.add("empty line", OK + "Content-Length: 3\r\n\r\nabc\r\n");
        attacks.add("a body longer than its length", OK + "Content-Length: 3\r\n\r\nabcdefghi\r\n\r\n");
        attacks.add("chunks", OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        attacks.add(
                "garbage behind the last chunk",
                OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS + "garbage\r\n\r\n");
        attacks.add("two last chunks", OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS + "0\r\n\r\n");
        attacks.add("line feeds", OK + "Content-Length: 3\r\n\r\nabc\n\n");
        attacks.add("length named by Connection", OK + "Connection: content-length\r\nContent-Length: 3\r\n\r\nabc");
        attacks.add(
                "coding named by Connection",
                OK + "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        return attacks.cases.stream();
    }

    private void addCodings() {
        add("length and chunked", OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        add("chunked and length", OK + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + CHUNKS);
        add("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        add("equal lengths", OK + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
        add("list of equal lengths", OK + "Content-Length: 3, 3\r\n\r\nabc");
        add("two fields", OK + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        add("empty field, then chunked", OK + "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        for (String coding : List.of(
                "xchunked",
                "identity",
                "chunked, chunked",
                "gzip",
                "",
                ", chunked",
                "chunked,",
                "\u00ff, chunked",
                "\u00a0chunked",
                "chunked;q=1",
                "\"chunked\"",
                "chunked, identity")) {
            add("coding [" + coding + "]", OK + "Transfer-Encoding: " + coding + "\r\n\r\n" + CHUNKS);
        }
    }

    private void addLineEnds() {
        add("folded field", OK + "A: b\r\n c\r\nContent-Length: 3\r\n\r\nabc");
        add("injection by a fold", OK + "A: b\r\n Set-Cookie: evil\r\nContent-Length: 3\r\n\r\nabc");
        add("folded length", OK + "Content-Length:\r\n 3\r\n\r\nabc");
        add("injection by a line feed", OK + "A: b\nSet-Cookie: evil\r\nContent-Length: 3\r\n\r\nabc");
        add("length behind a line feed", OK + "A: b\nContent-Length: 3\r\n\r\nabc");
        add("only line feeds", "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc");
        add("head ends with LF CR LF", OK + "Content-Length: 3\n\r\nabc");
        add("head ends with CR LF LF", OK + "Content-Length: 3\r\n\nabc");
        add("empty lines first", "\r\n\r\n" + OK + "Content-Length: 3\r\n\r\nabc");
        add("line feed first", "\n" + OK + "Content-Length: 3\r\n\r\nabc");
        add("colon first", ":\r\n\r\n" + OK + "Content-Length: 3\r\n\r\nabc");
        // Lines in the body stand in for those that a line feed hides from whoever looks for CRLF only.
        add("fields go on in the body", OK + "A: b\nContent-Length: 21\n\r\nContent-Length: 3\r\n\r\n");
    }

    private void addFoolish() {
        String decoy = OK + "A: evil\r\nContent-Length: 1\r\n\r\n";
        String real = OK + "A: good\r\nContent-Length: " + decoy.length() + "\r\n\r\n" + decoy;
        add("decoy behind an interim head with line feeds", "HTTP/1.1 103 Early Hints\nA: b\n\n" + real);
        add("decoy behind a colon", ":\r\n\r\n" + real);
        add("status of three digits beyond 599", "HTTP/1.1 999 Odd\r\nContent-Length: 3\r\n\r\nabc");
        add("three spaces in the status line", "HTTP/1.1  200  OK\r\nContent-Length: 3\r\n\r\nabc");
        add("tab in the reason", "HTTP/1.1 200 O\tK\r\nContent-Length: 3\r\n\r\nabc");
        add("version in lower case", "http/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    }

    private void add(String name, String response) {
        cases.add(Named.of(name, response));
    }
}
