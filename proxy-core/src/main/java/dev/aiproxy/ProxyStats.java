package dev.aiproxy;

import java.util.Map;

/**
 * What a proxy has done since it was built: counts that only grow, taken one after another while traffic goes on.
 *
 * @param requests requests that arrived, refused ones included
 * @param ended exchanges that are over, by outcome; every outcome is present. In a quiet moment their sum is
 *     {@code requests} less those in flight
 * @param upstreamCancels requests that were taken back from the upstream because their client had left: work that nobody
 *     waited for any more
 * @param replays requests that were sent again, because the kept-alive connection they had met was closed
 */
public record ProxyStats(long requests, Map<Outcome, Long> ended, long upstreamCancels, long replays) {

    /** Copies the map. */
    public ProxyStats {
        ended = Map.copyOf(ended);
    }
}
