package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Facts as {@link Properties#load(java.io.Reader)} reads them, which says what has to be escaped. {@link Properties#store}
 * would put the date on top: to name its time zone, the JDK learns a thousand locales, which takes a start some ten
 * milliseconds, and a megabyte for good.
 */
final class PropertyText {

    private static final String SPECIAL = "\\ =:#!";

    private PropertyText() {}

    /** A line for each. */
    static String of(Map<String, String> facts) {
        return facts.entrySet().stream()
                .map(fact -> escaped(fact.getKey()) + '=' + escaped(fact.getValue()) + '\n')
                .collect(Collectors.joining());
    }

    /**
     * What a text says; if it says something of a name twice, the later counts.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static Map<String, String> read(String text) {
        Properties facts = new Properties();
        try {
            facts.load(new StringReader(text));
        } catch (IOException neverFromText) {
            throw new UncheckedIOException(neverFromText);
        }
        return facts.stringPropertyNames().stream().collect(Collectors.toMap(Function.identity(), facts::getProperty));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 2);
        text.chars().forEach(character -> {
            switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (SPECIAL.indexOf(character) >= 0) {
                        escaped.append('\\');
                    }
                    escaped.append((char) character);
                }
            }
        });
        return escaped.toString();
    }
}
