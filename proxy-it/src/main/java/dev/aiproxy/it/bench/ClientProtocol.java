package dev.aiproxy.it.bench;

/** What the clients of a run speak, and how many exchanges at once share a connection. */
record ClientProtocol(boolean isHttp2, int lanesEach) {
    static final ClientProtocol HTTP_1_1 = new ClientProtocol(false, 1);

    static ClientProtocol h2c(int streamsEach) {
        return new ClientProtocol(true, streamsEach);
    }

    /** So many requests at once, for the title of a table. */
    String placesOf(int lanes) {
        if (!isHttp2) {
            return connections(lanes);
        }
        int each = Math.min(lanes, lanesEach);
        int connections = (lanes + lanesEach - 1) / lanesEach;
        return connections(connections) + " × " + (connections * each == lanes ? "" : "up to ") + streams(each);
    }

    /** The same of streams, which are no more than that in HTTP/1.1. */
    String streamsOf(int lanes) {
        return isHttp2 ? placesOf(lanes) : streams(lanes);
    }

    /** What to add where the number of streams grows. */
    String sharing() {
        return isHttp2 ? ", up to " + lanesEach + " a connection" : "";
    }

    private static String connections(int count) {
        return count + (count == 1 ? " connection" : " connections");
    }

    private static String streams(int count) {
        return count + (count == 1 ? " stream" : " streams");
    }

    /** For the head of a report. */
    @Override
    public String toString() {
        return isHttp2 ? "HTTP/2 without TLS, up to " + streams(lanesEach) + " a connection" : "HTTP/1.1";
    }
}
