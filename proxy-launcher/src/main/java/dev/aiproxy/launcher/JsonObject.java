package dev.aiproxy.launcher;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes one JSON object on one line, fields in the order they are added in. */
final class JsonObject {

    private final StringBuilder json = new StringBuilder(256).append('{');

    JsonObject text(String name, String value) {
        name(name);
        quote(value, json);
        return this;
    }

    JsonObject number(String name, long value) {
        name(name);
        json.append(value);
        return this;
    }

    /** A number with one digit after the point. */
    JsonObject decimal(String name, double value) {
        name(name);
        json.append(Math.round(value * 10) / 10.0);
        return this;
    }

    JsonObject numbers(String name, Collection<? extends Number> values) {
        return json(name, values.stream().map(Number::toString).collect(Collectors.joining(",", "[", "]")));
    }

    /** A value that is JSON already. */
    JsonObject json(String name, String value) {
        name(name);
        json.append(value);
        return this;
    }

    /** An array of values that are JSON already. */
    JsonObject array(String name, Stream<String> values) {
        return json(name, values.collect(Collectors.joining(",", "[", "]")));
    }

    JsonObject bool(String name, boolean value) {
        name(name);
        json.append(value);
        return this;
    }

    JsonObject texts(String name, List<String> values) {
        return array(name, values.stream().map(JsonObject::quoted));
    }

    private void name(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        quote(name, json);
        json.append(':');
    }

    /** The object as text. */
    @Override
    public String toString() {
        return json + "}";
    }

    /** A text as a JSON string, quotes included. */
    static String quoted(String text) {
        StringBuilder string = new StringBuilder(text.length() + 2);
        quote(text, string);
        return string.toString();
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        text.chars().forEach(character -> append(character, json));
        json.append('"');
    }

    // RFC 8259 §7 asks for the first 32 and these two; the rest may end a line somewhere or be half of a pair.
    private static void append(int character, StringBuilder json) {
        if (character == '"' || character == '\\') {
            json.append('\\').append((char) character);
            return;
        }
        boolean plain = character >= 0x20 && character < 0x7f || character > 0xa0 && character < 0x2000;
        if (plain) {
            json.append((char) character);
            return;
        }
        json.append("\\u%04x".formatted(character));
    }
}
