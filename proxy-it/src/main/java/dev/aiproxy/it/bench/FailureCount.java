package dev.aiproxy.it.bench;

import java.io.IOException;

/** How often something went wrong, and what did first. */
final class FailureCount {
    private final String thing;
    private int count;
    private String first = "";

    /** Counts failures of such things, named in the singular. */
    FailureCount(String thing) {
        this.thing = thing;
    }

    void add(IOException failure) {
        if (count++ == 0) {
            first = String.valueOf(failure.getMessage());
        }
    }

    int count() {
        return count;
    }

    /** For a note below a table; empty if nothing went wrong. */
    String text() {
        return count == 0 ? "" : Plural.of(count, thing) + " failed: " + first;
    }
}
