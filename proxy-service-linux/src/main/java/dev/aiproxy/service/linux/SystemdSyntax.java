package dev.aiproxy.service.linux;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Writes values so that systemd reads back exactly what was meant.
 *
 * <p>There is not one syntax but three, and what is an escape in one is a character of the name in another: the program
 * of a command, the other words of a command, and settings that are one path. All three expand specifiers, so {@code %}
 * is always doubled. What a syntax cannot express is refused, since systemd would drop the line and start without it.
 *
 * <p>Source: systemd.syntax(7), section "Quoting"; systemd.service(5), section "Command lines"; systemd.unit(5),
 * section "Specifiers".
 */
final class SystemdSyntax {

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** Left by the JVM in place of bytes that its locale cannot decode: the real name is lost. */
    private static final char REPLACEMENT = '\uFFFD';

    private SystemdSyntax() {}

    /**
     * The program of a command. Variables are not expanded in it, so {@code $} stays; systemd refuses quotes and
     * backslashes in any spelling ("Executable name contains special characters").
     */
    static String program(Path path) {
        String text = checked("program", normalized("program", path));
        if (text.matches(".*[\"'\\\\].*")) {
            throw unusable("program", "a quote or a backslash", text);
        }
        return quoted(text);
    }

    /** A word of a command after the program: specifiers, variables and quotes all have to be undone. */
    static String argument(String text) {
        return quoted(checked("argument", text).replace("$", "$$"));
    }

    /** One path of a setting that takes several, and pairs joined by colons: always in quotes, without variables. */
    static String listed(Path path) {
        return inQuotes(checked("path", normalized("path", path)).replace("%", "%%"));
    }

    /**
     * A setting that is one path, or ends in one: read to the end of the line, so that quotes and backslashes mean
     * themselves, but white space at the end would be cut off and a backslash would join the next line.
     */
    static String path(Path path) {
        String text = checked("path", normalized("path", path));
        if (text.endsWith("\\") || Character.isWhitespace(text.charAt(text.length() - 1))) {
            throw unusable("path", "white space or a backslash at the end", text);
        }
        return text.replace("%", "%%");
    }

    private static String quoted(String text) {
        String escaped = text.replace("%", "%%");
        if (PLAIN_WORD.matcher(escaped).matches()) {
            return escaped;
        }
        return inQuotes(escaped);
    }

    private static String inQuotes(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** systemd takes only normalized paths; normalizing here could lead elsewhere where there are symbolic links. */
    private static String normalized(String what, Path path) {
        String text = path.toString();
        if (!path.normalize().equals(path)) {
            throw unusable(what, ". or .. between its slashes", text);
        }
        return text;
    }

    private static String checked(String what, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw unusable(what, "control characters such as a newline", text);
        }
        if (text.indexOf(REPLACEMENT) >= 0 || text.codePoints().anyMatch(SystemdSyntax::isLoneSurrogate)) {
            throw unusable(what, "characters that are not Unicode in the JVM's locale", text);
        }
        return text;
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    private static IllegalArgumentException unusable(String what, String why, String text) {
        return new IllegalArgumentException(
                "%s of a systemd unit cannot contain %s, was %s".formatted(what, why, printable(text)));
    }

    /** Keeps the message on one line whatever the text was. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
