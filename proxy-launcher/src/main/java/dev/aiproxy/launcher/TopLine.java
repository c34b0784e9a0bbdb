package dev.aiproxy.launcher;

import picocli.CommandLine.Help.Ansi;

/** A line for a terminal: never longer than that, and nothing in it that a terminal would obey but its own colours. */
final class TopLine {

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String ASCII_BARS = "_.-=+*%#";

    private final TopForm form;
    private final StringBuilder text = new StringBuilder();
    private int columnsLeft;

    /** How a piece of it looks, where there are colours. */
    enum Look {
        PLAIN,
        STRONG(Ansi.Style.bold),
        QUIET(Ansi.Style.faint),
        GOOD(Ansi.Style.fg_green),
        WARNING(Ansi.Style.fg_yellow),
        BAD(Ansi.Style.fg_red);

        private final Ansi.Style[] styles;

        Look(Ansi.Style... styles) {
            this.styles = styles;
        }

        private String applied(String text) {
            return Ansi.Style.on(styles) + text + Ansi.Style.off(styles);
        }
    }

    TopLine(TopForm form) {
        this.form = form;
        this.columnsLeft = form.columns();
    }

    TopLine add(String more) {
        return add(Look.PLAIN, more);
    }

    TopLine add(Look look, String more) {
        String fit = cut(harmless(more), columnsLeft);
        columnsLeft -= length(fit);
        text.append(form.isColoured() && !fit.isBlank() ? look.applied(fit) : fit);
        return this;
    }

    /** A column of a table, and a space behind it; numbers stand at its right end. */
    TopLine column(Look look, String more, int width, boolean isNumber) {
        String fit = cut(harmless(more), width);
        String padding = " ".repeat(width - length(fit));
        return isNumber ? add(padding).add(look, fit).add(" ") : add(look, fit).add(padding + " ");
    }

    /** The last counts as bars, the greatest of them as the highest. */
    TopLine bars(Iterable<Integer> counts, int count, int width) {
        int most = 1;
        for (int value : counts) {
            most = Math.max(most, value);
        }
        StringBuilder bars = new StringBuilder(" ".repeat(Math.max(0, width - count)));
        int skipped = Math.max(0, count - width);
        String signs = form.isUnicode() ? BARS : ASCII_BARS;
        for (int value : counts) {
            if (skipped-- <= 0) {
                int height = (int) Math.round((double) value / most * (signs.length() - 1));
                bars.append(value == 0 ? ' ' : signs.charAt(height));
            }
        }
        return add(bars + " ");
    }

    private String harmless(String more) {
        StringBuilder shown = new StringBuilder(more.length());
        more.codePoints().forEach(character -> {
            boolean isShown = form.isUnicode() ? isPlain(character) : character >= ' ' && character < 0x7f;
            shown.appendCodePoint(isShown ? character : '?');
        });
        return shown.toString();
    }

    /** Neither a command to the terminal, nor what turns the direction of writing, nor half of a character. */
    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> true;
        };
    }

    private static int length(String shown) {
        return shown.codePointCount(0, shown.length());
    }

    private static String cut(String shown, int columns) {
        return length(shown) <= columns ? shown : shown.substring(0, shown.offsetByCodePoints(0, columns));
    }

    @Override
    public String toString() {
        return form.isColoured() ? text.toString() : text.toString().stripTrailing();
    }
}
