package dev.aiproxy.it;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A response as the strictest of clients would read it: whatever two parsers could read in two ways is an {@link
 * AssertionError}, and so is a byte behind the end.
 *
 * @param status of the final head
 * @param body framing taken off, as far as it came
 * @param end how much of its end has arrived
 */
record StrictResponse(int status, String body, End end) {

    /** What can be told about the end. */
    enum End {
        WHOLE,
        /** The body is whole (RFC 9112 §8), but nobody knows whether the trailers are. */
        CUT_WITHIN_TRAILERS,
        CUT
    }

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String EXTENSION =
            "[ \\t]*;[ \\t]*" + TOKEN + "([ \\t]*=[ \\t]*(" + TOKEN + "|\"[^\"\\x00-\\x08\\x0a-\\x1f\\x7f]*\"))?";
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*";

    /**
     * Reads what came on a connection until it ended.
     *
     * @param method of the request
     * @param isReset whether it ended with a reset
     * @return nothing if no final head has come
     */
    static Optional<StrictResponse> of(String wire, String method, boolean isReset) {
        int at = 0;
        while (true) {
            int end = wire.indexOf("\r\n\r\n", at);
            if (end < 0) {
                return Optional.empty();
            }
            Head head = Head.of(wire.substring(at, end));
            at = end + 4;
            if (head.status() >= 200) {
                return Optional.of(head.isBodiless(method) ? bodiless(head, wire, at) : read(head, wire, at, isReset));
            }
        }
    }

    boolean isWhole() {
        return end == End.WHOLE;
    }

    private static StrictResponse bodiless(Head head, String wire, int at) {
        check(at == wire.length(), "body where none may be", wire);
        return new StrictResponse(head.status(), "", End.WHOLE);
    }

    private static StrictResponse read(Head head, String wire, int at, boolean isReset) {
        if (head.isChunked()) {
            return chunks(head.status(), wire, at);
        }
        String body = wire.substring(at);
        if (head.length().isEmpty()) {
            return new StrictResponse(head.status(), body, isReset ? End.CUT : End.WHOLE);
        }
        check(body.length() <= head.length().get(), "bytes behind the end", wire);
        boolean isWhole = body.length() == head.length().get();
        return new StrictResponse(head.status(), body, isWhole ? End.WHOLE : End.CUT);
    }

    private static StrictResponse chunks(int status, String wire, int start) {
        StringBuilder body = new StringBuilder();
        int at = start;
        while (true) {
            int lineEnd = wire.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return new StrictResponse(status, body.toString(), End.CUT);
            }
            String line = wire.substring(at, lineEnd);
            check(line.matches("[0-9A-Fa-f]+(" + EXTENSION + ")*"), "chunk line", line);
            String size = line.split("[ \t;]", 2)[0];
            check(size.matches("[0-9A-Fa-f]{1,8}"), "chunk size", size);
            int dataAt = lineEnd + 2;
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return new StrictResponse(status, body.toString(), trailers(wire, dataAt));
            }
            body.append(wire, dataAt, (int) Math.min(wire.length(), dataAt + length));
            if (dataAt + length + 2 > wire.length()) {
                return new StrictResponse(status, body.toString(), End.CUT);
            }
            int dataEnd = dataAt + (int) length;
            check(wire.startsWith("\r\n", dataEnd), "end of a chunk", wire);
            at = dataEnd + 2;
        }
    }

    private static End trailers(String wire, int start) {
        int at = start;
        while (true) {
            int lineEnd = wire.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return End.CUT_WITHIN_TRAILERS;
            }
            if (lineEnd == at) {
                check(lineEnd + 2 == wire.length(), "bytes behind the end", wire);
                return End.WHOLE;
            }
            check(wire.substring(at, lineEnd).matches(TOKEN + ":" + TEXT), "trailer", wire);
            at = lineEnd + 2;
        }
    }

    private static void check(boolean isRight, String what, String text) {
        if (!isRight) {
            throw new AssertionError("a response with an ambiguous " + what + ": " + FuzzCase.escaped(List.of(text)));
        }
    }

    /** A head, whose fields leave no doubt. */
    private record Head(int status, Optional<Long> length, boolean isChunked) {

        static Head of(String text) {
            List<String> lines = Arrays.asList(text.split("\r\n", -1));
            check(lines.get(0).matches("HTTP/1\\.[01] [1-9][0-9]{2} " + TEXT), "status line", text);
            List<String> fields = lines.subList(1, lines.size());
            fields.forEach(line -> check(line.matches(TOKEN + ":" + TEXT), "field line", text));
            List<String> lengths = values(fields, "content-length");
            check(lengths.size() <= 1 && lengths.stream().allMatch(value -> isLength(value)), "length", text);
            List<String> codings = values(fields, "transfer-encoding");
            check(codings.size() <= 1 && codings.stream().allMatch("chunked"::equals), "coding", text);
            check(lengths.isEmpty() || codings.isEmpty(), "length beside chunked", text);
            return new Head(
                    Integer.parseInt(lines.get(0).substring(9, 12)),
                    lengths.stream().map(Long::valueOf).findFirst(),
                    !codings.isEmpty());
        }

        private static boolean isLength(String value) {
            return value.matches("[0-9]+") && new BigInteger(value).bitLength() < Long.SIZE;
        }

        private static List<String> values(List<String> fields, String name) {
            return fields.stream()
                    .map(line -> line.toLowerCase(Locale.ROOT))
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        boolean isBodiless(String method) {
            return method.equals("HEAD") || status == 204 || status == 304;
        }
    }
}
