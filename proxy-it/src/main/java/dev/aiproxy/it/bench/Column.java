package dev.aiproxy.it.bench;

/** One figure of a scenario; with a ratio, the table also says ours divided by each peer's. */
record Column(String title, int decimals, boolean withRatio) {
    static Column plain(String title, int decimals) {
        return new Column(title, decimals, false);
    }

    static Column compared(String title, int decimals) {
        return new Column(title, decimals, true);
    }
}
