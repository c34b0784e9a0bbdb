package dev.aiproxy;

/**
 * The connections that a proxy has to upstreams, and to proxies on the way to them: a snapshot, of each number by itself.
 *
 * @param opened made since the proxy was built; only grows
 * @param open there now, tunnels included
 * @param idle of those, kept alive for a request to come
 */
public record UpstreamConnections(long opened, int open, int idle) {

    /** Those that a request or a tunnel is on. */
    public int inUse() {
        // They were counted one after another.
        return Math.max(0, open - idle);
    }
}
