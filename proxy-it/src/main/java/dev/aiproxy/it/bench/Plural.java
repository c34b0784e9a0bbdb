package dev.aiproxy.it.bench;

/** Counts things in English. */
final class Plural {
    private Plural() {}

    /** As in {@code 1 stream} and {@code 2 streams}. */
    static String of(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
