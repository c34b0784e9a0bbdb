package dev.aiproxy.internal.insight;

/** Takes apart lines each of which is an event in JSON. A line that is not does not spoil the next. */
final class JsonLines {

    private final JsonWalker json;

    JsonLines(JsonWalker json) {
        this.json = json;
    }

    /** Walks on through the bytes from one index to another. */
    void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int end = EventStream.endOfLine(bytes, at, to);
            json.read(bytes, at, end);
            if (end < to) {
                json.reset();
            }
            at = end + 1;
        }
    }
}
