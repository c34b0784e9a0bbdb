package dev.aiproxy.launcher;

import java.util.Comparator;
import java.util.Locale;

/** Finds the setting somebody may have meant. */
final class DidYouMean {

    private static final int MOST_EDITS = 3;

    private DidYouMean() {}

    /** The end of a sentence about an unknown name: {@code "; did you mean LISTEN_PORT?"}, or nothing if none is near. */
    static String setting(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        return ConfigKey.ALL.stream()
                .map(ConfigKey::name)
                .min(Comparator.comparingInt(known -> edits(wanted, known)))
                .filter(known -> edits(wanted, known) <= MOST_EDITS)
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
    }

    /** Levenshtein's distance: how many characters to add, drop or change to get from one text to the other. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int change = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(change, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
