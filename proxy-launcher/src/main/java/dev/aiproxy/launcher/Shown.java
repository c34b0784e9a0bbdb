package dev.aiproxy.launcher;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes texts from outside fit to be shown: no credential in them, and nothing that could forge a line. */
final class Shown {

    private static final Pattern USER_INFO = Pattern.compile("^([^/?#]*//)?[^/?#]*@");
    private static final Pattern BEFORE_LAST_AT = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", Pattern.DOTALL);
    private static final Pattern QUERY = Pattern.compile("\\?.*", Pattern.DOTALL);

    private Shown() {}

    /**
     * A value as it may appear in a message. Whoever puts a whole URL where a host belongs may have put a password or a
     * key into it, too: what stands before an at sign or after a question mark becomes {@code ***}.
     */
    static String value(String text) {
        String masked = masked(BEFORE_LAST_AT, text);
        return oneLine(QUERY.matcher(masked).replaceFirst("?***"));
    }

    /** A URI or authority with {@code ***} in place of its user info, if it has any. */
    static String withoutUserInfo(String uri) {
        return masked(USER_INFO, uri);
    }

    /** Keeps the first group and masks the rest of what a pattern finds, up to and without its at sign. */
    private static String masked(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceFirst(
                        found -> Matcher.quoteReplacement((found.group(1) == null ? "" : found.group(1)) + "***@"));
    }

    /** Control characters, also those beyond ASCII, as {@code \x0a}: a text stays on its line, whatever is in it. */
    static String oneLine(String text) {
        if (isOneLine(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(character -> {
            if (breaksLines(character)) {
                escaped.append(character < 0x100 ? "\\x%02x".formatted(character) : "\\u%04x".formatted(character));
            } else {
                escaped.append((char) character);
            }
        });
        return escaped.toString();
    }

    /** Without a stream: it would be most of what a line of {@code access.log} costs. */
    private static boolean isOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (breaksLines(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean breaksLines(int character) {
        return Character.isISOControl(character) || character == 0x2028 || character == 0x2029;
    }
}
