package dev.aiproxy.it.bench;

/** What the clients of a run speak, and how many exchanges at once share a connection. */
record ClientProtocol(boolean isHttp2, int lanesEach) {
    static final ClientProtocol HTTP_1_1 = new ClientProtocol(false, 1);

    static ClientProtocol h2c(int streamsEach) {
        return new ClientProtocol(true, streamsEach);
    }

    /** So many requests at once, for the title of a table. */
    String lanesOf(int count) {
        if (!isHttp2) {
            return Plural.of(count, "connection");
        }
        int each = Math.min(count, lanesEach);
        int connections = (count + lanesEach - 1) / lanesEach;
        return Plural.of(connections, "connection") + " × " + (connections * each == count ? "" : "up to ")
                + Plural.of(each, "stream");
    }

    /** The same of streams, which are no more than that in HTTP/1.1. */
    String streamsOf(int count) {
        return isHttp2 ? lanesOf(count) : Plural.of(count, "stream");
    }

    /** What to add where the number of streams grows. */
    String sharing() {
        return isHttp2 ? ", up to " + lanesEach + " a connection" : "";
    }

    /** For the head of a report. */
    @Override
    public String toString() {
        return isHttp2 ? "HTTP/2 without TLS, up to " + Plural.of(lanesEach, "stream") + " a connection" : "HTTP/1.1";
    }
}
