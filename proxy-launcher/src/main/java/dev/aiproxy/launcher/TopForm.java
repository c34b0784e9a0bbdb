package dev.aiproxy.launcher;

import java.time.ZoneId;

/**
 * What a terminal can show.
 *
 * @param columns longest line
 * @param lines most lines; 0 for all there are
 * @param isColoured whether it knows colours, and may have them
 * @param isUnicode whether it knows characters beyond ASCII
 * @param zone for times of day
 */
record TopForm(int columns, int lines, boolean isColoured, boolean isUnicode, ZoneId zone) {

    private static final int FEWEST_COLUMNS = 40;
    private static final int MOST = 1_000;

    /** Brings sizes that no terminal has to ones that some have. */
    TopForm {
        columns = Math.max(FEWEST_COLUMNS, Math.min(MOST, columns));
        lines = Math.max(0, Math.min(MOST, lines));
    }
}
