package dev.aiproxy.it;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request or response head exactly as it was on the wire, with just enough parsing to ask for its parts.
 *
 * @param raw every byte from the start line to the empty line, both included
 */
public record MessageHead(byte[] raw) {

    /** The head as text, one character per byte. */
    public String text() {
        return new String(raw, StandardCharsets.ISO_8859_1);
    }

    /** The first line, without its end. */
    public String startLine() {
        return text().split("\r\n", 2)[0];
    }

    /** The field lines in order, without their ends, otherwise untouched. */
    public List<String> fieldLines() {
        List<String> lines = Arrays.asList(text().split("\r\n"));
        return lines.subList(Math.min(1, lines.size()), lines.size());
    }

    /** The field lines of these names, in the order of the head. */
    public List<String> fieldLines(String... names) {
        List<String> wanted = Arrays.stream(names).map(String::toLowerCase).toList();
        return fieldLines().stream()
                .filter(line -> wanted.contains(nameOf(line).toLowerCase()))
                .toList();
    }

    /** The field names in order, as they are written. */
    public List<String> names() {
        return fieldLines().stream().map(MessageHead::nameOf).toList();
    }

    /** The values of every field of this name, whatever its case, trimmed. */
    public List<String> values(String name) {
        return fieldLines(name).stream()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .toList();
    }

    /** The value of the first field of this name. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** The status code of a response. */
    public int status() {
        return Integer.parseInt(startLine().split(" ", 3)[1]);
    }

    boolean isChunked() {
        return value("Transfer-Encoding")
                .filter(coding -> coding.toLowerCase().endsWith("chunked"))
                .isPresent();
    }

    Optional<Long> contentLength() {
        return value("Content-Length").map(Long::valueOf);
    }

    private static String nameOf(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? line : line.substring(0, colon);
    }

    @Override
    public String toString() {
        return text();
    }
}
