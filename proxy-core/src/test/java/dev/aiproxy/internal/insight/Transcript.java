package dev.aiproxy.internal.insight;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** An answer of an AI server as its vendor documents it, and ways to hand it to a reader. */
record Transcript(String contentType, byte[] bytes) {

    /** One of the resources next to this class; the ending of its name says what it is. */
    static Transcript named(String name) {
        try (InputStream resource = Transcript.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(resource, name).readAllBytes();
            return new Transcript(typeOf(name.substring(name.lastIndexOf('.') + 1)), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(String ending) {
        return switch (ending) {
            case "sse" -> "text/event-stream; charset=utf-8";
            case "ndjson" -> "application/x-ndjson";
            default -> "application/json";
        };
    }

    static Transcript events(String text) {
        return new Transcript("text/event-stream", text.getBytes(StandardCharsets.UTF_8));
    }

    Transcript withLinesEndingIn(String lineEnd) {
        return new Transcript(contentType, text().replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8));
    }

    Transcript upTo(String part) {
        String text = text();
        return new Transcript(contentType, text.substring(0, text.indexOf(part)).getBytes(StandardCharsets.UTF_8));
    }

    private String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    AnswerReader newReader() {
        return AnswerReader.of(200, contentType, null).orElseThrow();
    }

    AnswerReader readWhole() {
        AnswerReader reader = newReader();
        read(reader, 0, bytes.length);
        return reader;
    }

    AnswerReader readInPiecesOf(int size) {
        AnswerReader reader = newReader();
        for (int from = 0; from < bytes.length; from += size) {
            read(reader, from, Math.min(bytes.length, from + size));
        }
        return reader;
    }

    AnswerReader readInTwo(int cut) {
        AnswerReader reader = newReader();
        read(reader, 0, cut);
        read(reader, cut, bytes.length);
        return reader;
    }

    private void read(AnswerReader reader, int from, int to) {
        reader.read(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), from, to, 0);
    }
}
