package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * The corpus of request smuggling: heads that two parsers may read in two ways. Text is ISO-8859-1, one
 * character a byte.
 */
final class FramingAttacks {
    private static final String POST = "POST /intended HTTP/1.1\r\nHost: x\r\n";
    private static final String CHUNKS = "3\r\nabc\r\n0\r\n\r\n";

    private static final List<String> LENGTHS = List.of(
            "+3",
            "-1",
            "-0",
            "3 3",
            "3,3",
            "3, 4",
            "0x3",
            "3;",
            "3.0",
            "three",
            "",
            "\u00b3",
            "\u00a03",
            "3\t4",
            "3e0",
            "'3'",
            "\"3\"",
            "9223372036854775808",
            "18446744073709551619",
            "3".repeat(40));

    private static final List<String> CODINGS = List.of(
            "xchunked",
            "chunked, identity",
            "identity",
            "chunked, chunked",
            "\"chunked\"",
            "'chunked'",
            "chunked;q=1",
            "chunked; a",
            "chun ked",
            "chunked chunked",
            "\u00a0chunked",
            "chun\u00e9d",
            "gzip",
            "",
            ",",
            "chunked-",
            "chunke",
            "chunked,x",
            "[chunked]",
            "cow, chunked, cow",
            "\\chunked");

    private static final List<String> FIELD_LINES = List.of(
            ": b",
            " : b",
            "A",
            "A b: c",
            "A(b): c",
            "\"A\": b",
            "A\u00e9: b",
            "[A]: b",
            "A=b",
            "A/b: c",
            "@A: b",
            "A, B: c",
            "{A}: b",
            "A;b: c",
            "A : b",
            "A\t: b");

    private static final List<String> VERSIONS = List.of(
            "HTTP/0.9",
            "HTTP/1.2",
            "HTTP/2.0",
            "HTTP/2",
            "HTTP/3",
            "HTTP/1",
            "HTTP/11",
            "HTTP/1.01",
            "HTTP/01.1",
            "HTTP/1.10",
            "HTTP/1.1x",
            "HTTP/1,1",
            "http/1.1",
            "Http/1.1",
            "HTTPS/1.1",
            "HTTP /1.1",
            "HTTP/ 1.1",
            "HTTP/1.1 x",
            "HTTP/1.1 ",
            "HTTP/1.1\t",
            "HTTP/-1.1",
            "HTTP/1.1 HTTP/1.1",
            "x");

    private static final List<String> REQUEST_LINES = List.of(
            " GET /intended",
            "GET\t/intended",
            "GET /intended\t",
            "GET /inten ded",
            "GET",
            "GET ",
            "/intended",
            "(GET /intended",
            "GE(T /intended",
            "G\u00c9T /intended",
            ":GET /intended",
            "\"GET\" /intended",
            "GET, /intended",
            "@ /intended",
            "[] /intended",
            "GET:/intended /intended",
            "GET intended",
            "GET ?intended",
            "GET \\intended",
            "GET http://[::1/intended",
            "GET http://x y/intended",
            "POST *",
            "GET \u00a0/intended");

    private static final List<String> HOSTS =
            List.of("x y", "x/y", "[::1", "x:y", "x?y", "x#y", "x\\y", "u@x", "x\u0000", "<x>");

    private final List<Named<String>> cases = new ArrayList<>();

    private FramingAttacks() {}

    /** Nobody may forward these. */
    static Stream<Named<String>> heads() {
        FramingAttacks attacks = new FramingAttacks();
        attacks.addLengths();
        attacks.addCodings();
        attacks.addLineEnds();
        attacks.addControls();
        attacks.addNames();
        attacks.addVersions();
        attacks.addRequestLines();
        attacks.addHosts();
        return attacks.cases.stream();
    }

    /** Read as RFC 9112 says, these have one meaning; a strict server refuses them all the same. */
    static Stream<Named<String>> oddities() {
        FramingAttacks attacks = new FramingAttacks();
        attacks.add("two spaces before the target", "GET  /intended HTTP/1.1\r\nHost: x\r\n\r\n");
        attacks.add("two spaces before the version", "GET /intended  HTTP/1.1\r\nHost: x\r\n\r\n");
        attacks.add("empty Host", "GET /intended HTTP/1.1\r\nHost:\r\n\r\n");
        attacks.add("fragment in the target", "GET /intended#x HTTP/1.1\r\nHost: x\r\n\r\n");
        attacks.add("port of six digits in Host", "GET /intended HTTP/1.1\r\nHost: x:999999\r\n\r\n");
        attacks.add("lower-case method", "get /intended HTTP/1.1\r\nHost: x\r\n\r\n");
        attacks.coding("empty first coding", "Transfer-Encoding: , chunked");
        attacks.coding("empty last coding", "Transfer-Encoding: chunked,");
        attacks.coding("empty field, then chunked", "Transfer-Encoding:\r\nTransfer-Encoding: chunked");
        attacks.coding("two fields", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked");
        attacks.coding("identity first", "Transfer-Encoding: identity, chunked");
        attacks.coding("garbage first", "Transfer-Encoding: \u00ff, chunked");
        attacks.add(
                "chunked in HTTP/1.0",
                "POST /intended HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + CHUNKS);
        attacks.length("equal lengths", "Content-Length: 3\r\nContent-Length: 3");
        attacks.length("length with zeros", "Content-Length: 00003");
        return attacks.cases.stream();
    }

    private void addLengths() {
        for (String value : LENGTHS) {
            length("length [" + value + "]", "Content-Length: " + value);
        }
        length("two lengths", "Content-Length: 3\r\nContent-Length: 4");
        length("two lengths, first empty", "Content-Length:\r\nContent-Length: 3");
        length("two lengths apart", "Content-Length: 0\r\nA: b\r\ncontent-length: 3");
        add("chunked and length", POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + CHUNKS);
        add("length and chunked", POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        add("length 0 and chunked", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
        add("length and unknown coding", POST + "Content-Length: 3\r\nTransfer-Encoding: xchunked\r\n\r\nabc");
        add("length and identity", POST + "Content-Length: 3\r\nTransfer-Encoding: identity\r\n\r\nabc");
        add("length and empty coding", POST + "Content-Length: 3\r\nTransfer-Encoding:\r\n\r\nabc");
    }

    private void addCodings() {
        for (String value : CODINGS) {
            coding("coding [" + value + "]", "Transfer-Encoding: " + value);
        }
        coding("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
        coding("chunked, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
        coding("chunked, then empty", "Transfer-Encoding: chunked\r\nTransfer-Encoding:");
        coding("coding folded", "Transfer-Encoding:\r\n chunked");
        coding("coding folded by a tab", "Transfer-Encoding:\r\n\tchunked");
        length("length folded", "Content-Length:\r\n 3");
    }

    private void addLineEnds() {
        length("folded field", "A: b\r\n c\r\nContent-Length: 3");
        length("folded by an empty piece", "A: b\r\n \r\nContent-Length: 3");
        add("first field indented", "POST /intended HTTP/1.1\r\n Host: x\r\nContent-Length: 3\r\n\r\nabc");
        length("indented length", "A: b\r\n Content-Length: 3\r\nContent-Length: 0");
        add("only line feeds", "GET /intended HTTP/1.1\nHost: x\n\n");
        add("line feed behind the request line", "GET /intended HTTP/1.1\nHost: x\r\n\r\n");
        length("line feed in a field", "A: b\nContent-Length: 3");
        coding("line feed before a coding", "A: b\nTransfer-Encoding: chunked");
        add("head ends with line feeds", "GET /intended HTTP/1.1\r\nHost: x\n\n");
        add("head ends with CR LF LF", "GET /intended HTTP/1.1\r\nHost: x\r\n\n");
        length("carriage return in a field", "A: b\rContent-Length: 3");
        coding("carriage return before a coding", "A: b\rTransfer-Encoding: chunked");
        length("carriage return at a value's end", "A: b\r\r\nContent-Length: 3");
        length("carriage return in a length", "Content-Length: 3\r4");
        add("only carriage returns", "GET /intended HTTP/1.1\rHost: x\r\r");
        add("head ends with CR CR LF", "GET /intended HTTP/1.1\r\nHost: x\r\r\n\r\n");
        add("line feed before the request", "\nGET /intended HTTP/1.1\r\nHost: x\r\n\r\n");
        add("carriage return before the request", "\rGET /intended HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    private void addControls() {
        for (char control : new char[] {0, 1, 8, 0x0b, 0x0c, 0x1f, 0x7f}) {
            String name = " " + (int) control;
            add("target with" + name, "GET /inten" + control + "ded HTTP/1.1\r\nHost: x\r\n\r\n");
            add("method with" + name, "GE" + control + "T /intended HTTP/1.1\r\nHost: x\r\n\r\n");
            add("version with" + name, "GET /intended HTTP/1.1" + control + "\r\nHost: x\r\n\r\n");
            length("value with" + name, "A: b" + control + "c\r\nContent-Length: 3");
            length("field name with" + name, "A" + control + ": b\r\nContent-Length: 3");
            length("length behind" + name, "Content-Length: " + control + "3");
            coding("coding behind" + name, "Transfer-Encoding:" + control + "chunked");
            coding("coding before" + name, "Transfer-Encoding: chunked" + control);
        }
    }

    private void addNames() {
        for (String line : FIELD_LINES) {
            length("field line [" + line + "]", line + "\r\nContent-Length: 3");
        }
        length("space before the length's colon", "Content-Length : 3");
        length("tab before the length's colon", "Content-Length\t: 3");
        coding("space before the coding's colon", "Transfer-Encoding : chunked");
        coding("high bit in the coding's name", "Tr\u00e1nsfer-Encoding : chunked");
    }

    private void addVersions() {
        add("HTTP/0.9", "GET /intended\r\n");
        add("HTTP/0.9 with fields", "GET /intended\r\nHost: x\r\n\r\n");
        add("HTTP/0.9 with a space", "GET /intended \r\nHost: x\r\n\r\n");
        for (String version : VERSIONS) {
            add("version [" + version + "]", "GET /intended " + version + "\r\nHost: x\r\n\r\n");
        }
        add("preface of HTTP/2 with a field", "PRI * HTTP/2.0\r\nA: b\r\n\r\nSM\r\n\r\n");
        add("preface of HTTP/2 for a path", "PRI /intended HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    private void addRequestLines() {
        for (String line : REQUEST_LINES) {
            add("request line [" + line + "]", line + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
    }

    private void addHosts() {
        add("no Host", "GET /intended HTTP/1.1\r\nA: b\r\n\r\n");
        add("no field at all", "GET /intended HTTP/1.1\r\n\r\n");
        add("two Hosts", "GET /intended HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
        add("Host twice", "GET /intended HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n");
        add("empty Host first", "GET /intended HTTP/1.1\r\nHost:\r\nHost: x\r\n\r\n");
        for (String host : HOSTS) {
            add("Host [" + host + "]", "GET /intended HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }
    }

    private void length(String name, String lines) {
        add(name, POST + lines + "\r\n\r\nabc");
    }

    private void coding(String name, String lines) {
        add(name, POST + lines + "\r\n\r\n" + CHUNKS);
    }

    private void add(String name, String request) {
        cases.add(Named.of(name, request));
    }
}
