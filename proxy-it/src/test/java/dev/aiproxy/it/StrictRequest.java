package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request as the strictest of servers would read it: whatever two parsers could read in two ways is an {@link
 * AssertionError}.
 *
 * @param method a token
 * @param target without white space and control bytes
 * @param fieldLines as they stand on the wire
 * @param body framing taken off
 * @param isComplete whether its end has arrived
 */
record StrictRequest(String method, String target, List<String> fieldLines, String body, boolean isComplete) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    StrictRequest {
        fieldLines = List.copyOf(fieldLines);
    }

    /** Every request on every connection of an upstream. */
    static List<StrictRequest> allOf(ScriptedUpstream upstream) {
        return upstream.connections().stream()
                .flatMap(connection -> allOf(connection.rawText()).stream())
                .toList();
    }

    /** Every request in what came in on one connection; the last may be cut. A head that is cut counts as none. */
    static List<StrictRequest> allOf(String wire) {
        List<StrictRequest> requests = new ArrayList<>();
        Cursor rest = new Cursor(wire);
        while (rest.indexOf("\r\n\r\n") >= 0) {
            requests.add(next(rest));
        }
        return requests;
    }

    /** Such as {@code "POST /chat"}. */
    String line() {
        return method + " " + target;
    }

    private static StrictRequest next(Cursor wire) {
        String head = wire.take(wire.indexOf("\r\n\r\n") + 4);
        List<String> lines = Arrays.asList(head.substring(0, head.length() - 4).split("\r\n", -1));
        String start = lines.get(0);
        check(start.matches(TOKEN + " [\\x21-\\x7e\\x80-\\xff]+ HTTP/1\\.1"), "request line", start);
        List<String> fields = lines.subList(1, lines.size());
        fields.forEach(line -> check(line.matches(TOKEN + ":[\\t\\x20-\\x7e\\x80-\\xff]*"), "field line", line));
        check(values(fields, "host").size() == 1, "Host", head);
        Optional<Long> length = lengthOf(fields);
        boolean isChunked = isChunked(fields);
        check(length.isEmpty() || !isChunked, "length beside chunked", head);
        StringBuilder body = new StringBuilder();
        boolean isComplete = isChunked ? wire.chunks(body) : wire.body(length.orElse(0L), body);
        String[] words = start.split(" ");
        return new StrictRequest(words[0], words[1], fields, body.toString(), isComplete);
    }

    private static Optional<Long> lengthOf(List<String> fields) {
        List<String> lengths = values(fields, "content-length");
        check(lengths.size() <= 1, "number of lengths", lengths.toString());
        lengths.forEach(value -> check(value.matches("0*[0-9]{1,19}"), "length", value));
        return lengths.stream().map(Long::valueOf).findFirst();
    }

    private static boolean isChunked(List<String> fields) {
        List<String> codings = values(fields, "transfer-encoding");
        check(codings.size() <= 1, "number of Transfer-Encodings", codings.toString());
        codings.forEach(value -> check(
                value.toLowerCase(Locale.ROOT).matches("(" + TOKEN + "[ \t]*,[ \t]*)*chunked"),
                "Transfer-Encoding",
                value));
        return !codings.isEmpty();
    }

    private static List<String> values(List<String> fields, String name) {
        return fields.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).replaceAll("^[ \t]+|[ \t]+$", ""))
                .toList();
    }

    private static void check(boolean isRight, String what, String text) {
        if (!isRight) {
            throw new AssertionError("the upstream was sent a request with an ambiguous " + what + ": ["
                    + text.replace("\r", "\\r").replace("\n", "\\n") + "]");
        }
    }

    /** Goes through what came in. */
    private static final class Cursor {
        private final String wire;
        private int at;

        Cursor(String wire) {
            this.wire = wire;
        }

        int indexOf(String text) {
            int found = wire.indexOf(text, at);
            return found < 0 ? -1 : found - at;
        }

        String take(int length) {
            int end = Math.min(wire.length(), at + length);
            String taken = wire.substring(at, end);
            at = end;
            return taken;
        }

        boolean body(long length, StringBuilder body) {
            String taken = take((int) Math.min(Integer.MAX_VALUE / 2, length));
            body.append(taken);
            return taken.length() == length;
        }

        boolean chunks(StringBuilder body) {
            while (indexOf("\r\n") >= 0) {
                String size = take(indexOf("\r\n") + 2).trim();
                check(size.matches("[0-9A-Fa-f]{1,8}"), "chunk size", size);
                if (size.matches("0+")) {
                    return trailers();
                }
                if (!body(Long.parseLong(size, 16), body) || indexOf("\r\n") < 0) {
                    break;
                }
                check(take(2).equals("\r\n"), "end of a chunk", size);
            }
            take(wire.length());
            return false;
        }

        private boolean trailers() {
            while (indexOf("\r\n") > 0) {
                String line = take(indexOf("\r\n") + 2).replaceAll("\r\n$", "");
                check(line.matches(TOKEN + ":[\\t\\x20-\\x7e\\x80-\\xff]*"), "trailer", line);
                check(
                        !line.toLowerCase(Locale.ROOT).matches("(content-length|transfer-encoding|host):.*"),
                        "trailer",
                        line);
            }
            return take(2).equals("\r\n");
        }
    }
}
