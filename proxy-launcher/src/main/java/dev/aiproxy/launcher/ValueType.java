package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * How the text of a setting becomes a value.
 *
 * @param allowed what may be written, to go after "must be"
 * @param parser turns a text into the value
 * @param shown what may be shown of a text that is not empty
 */
record ValueType<T>(String allowed, Parser<T> parser, UnaryOperator<String> shown) {

    /** One whose text may be shown. */
    ValueType(String allowed, Parser<T> parser) {
        this(allowed, parser, UnaryOperator.identity());
    }

    /** One whose text is a secret. */
    static <T> ValueType<T> secret(String allowed, Parser<T> parser) {
        return new ValueType<>(allowed, parser, text -> "***");
    }

    /** Turns a text into a value. */
    @FunctionalInterface
    interface Parser<T> {

        /**
         * The value.
         *
         * @param text as written, quotes taken off
         * @param home folder that relative paths start from, absolute
         * @throws BadValueException if the text is not allowed
         */
        T parse(String text, Path home) throws BadValueException;
    }

    T parse(String text, Path home) throws BadValueException {
        return parser.parse(text, home);
    }
}
