package dev.aiproxy.launcher;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of config.env, read as systemd reads an {@code EnvironmentFile} and a shell reads an assignment. Where the
 * two differ from each other, the reading that changes nothing is taken, or the line is refused:
 *
 * <ul>
 *   <li>unquoted, every character stands for itself, backslash, {@code $} and {@code " # "} included; blanks at both
 *       ends do not count;
 *   <li>in single quotes, every character stands for itself;
 *   <li>in double quotes, a backslash takes the meaning off a following {@code "}, {@code \}, {@code `} or {@code $},
 *       and stands for itself before anything else;
 *   <li>quoted parts may follow each other, but nothing else may follow a closing quote, since a shell and systemd
 *       would not agree on it;
 *   <li>nothing is ever substituted, and a line is never continued on the next.
 * </ul>
 *
 * @param key name of the setting
 * @param value its value, without quotes
 */
record EnvLine(String key, String value) {

    private static final Pattern EXPORT = Pattern.compile("^export[ \\t]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Behind a value without quotes; a quoted one ends with its quote, or is refused. */
    private static final Pattern REMARK_BEHIND = Pattern.compile("^[^=]+=[ \\t]*[^\"'\\s].*[ \\t][#;]");

    private static final String ESCAPABLE = "\"\\`$";

    /**
     * The setting in a line; empty if there is none because the line is blank or a remark.
     *
     * @param line without its line break
     * @throws BadValueException if the line is neither, saying why
     */
    static Optional<EnvLine> parse(String line) throws BadValueException {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
            return Optional.empty();
        }
        String assignment = EXPORT.matcher(text).replaceFirst("");
        int equals = assignment.indexOf('=');
        if (equals < 0) {
            throw new BadValueException("no '=' in this line; write KEY=value");
        }
        String key = assignment.substring(0, equals).strip();
        if (!NAME.matcher(key).matches()) {
            throw new BadValueException(noName(key) + " is no name of a setting; write KEY=value");
        }
        return Optional.of(
                new EnvLine(key, value(assignment.substring(equals + 1).strip())));
    }

    /** What stands there may be a value, and a secret: as in {@code TARGET_API_KEY: c2VjcmV0=}. */
    private static String noName(String text) {
        Matcher name = NAME.matcher(text);
        boolean isSetting = name.lookingAt() && ConfigKey.named(name.group()).isPresent();
        return isSetting ? "what begins with " + name.group() : "what stands before the '='";
    }

    /** Whether a value looks as if a remark stood behind it; it is part of the value. */
    static boolean hasRemarkBehind(String line) {
        return REMARK_BEHIND.matcher(line.strip()).find();
    }

    /**
     * The line that says this, quoted only if that is needed.
     *
     * @throws InvalidSettingsException if no line can
     */
    String text() {
        boolean isPlain = value.equals(value.strip()) && !value.startsWith("\"") && !value.startsWith("'");
        String line = key + "=" + (isPlain ? value : "\"" + value.replaceAll("[\"\\\\`$]", "\\\\$0") + "\"");
        if (value.contains("\n") || value.contains("\r")) {
            throw new InvalidSettingsException(
                    key + " is '" + Shown.value(value) + "', which has a line break and cannot stand in config.env");
        }
        return line;
    }

    private static String value(String text) throws BadValueException {
        if (!text.startsWith("\"") && !text.startsWith("'")) {
            return text;
        }
        StringBuilder value = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            at = switch (text.charAt(at)) {
                case '\'' -> singleQuoted(text, at + 1, value);
                case '"' -> doubleQuoted(text, at + 1, value);
                default ->
                    throw new BadValueException(
                            "text after a closing quote; put quotes around the whole value, and a remark on a line of its own");
            };
        }
        return value.toString();
    }

    /** Appends what is quoted from a position on, and returns the position after the closing quote. */
    private static int singleQuoted(String text, int from, StringBuilder value) throws BadValueException {
        int end = text.indexOf('\'', from);
        if (end < 0) {
            throw unclosed("'");
        }
        value.append(text, from, end);
        return end + 1;
    }

    private static int doubleQuoted(String text, int from, StringBuilder value) throws BadValueException {
        for (int at = from; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '"') {
                return at + 1;
            }
            boolean escapes = character == '\\' && at + 1 < text.length() && isEscapable(text.charAt(at + 1));
            if (escapes) {
                at++;
            }
            value.append(text.charAt(at));
        }
        throw unclosed("\"");
    }

    private static boolean isEscapable(char character) {
        return ESCAPABLE.indexOf(character) >= 0;
    }

    private static BadValueException unclosed(String quote) {
        return new BadValueException("a quote " + quote + " is opened and not closed in this line");
    }
}
