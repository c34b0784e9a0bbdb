package dev.aiproxy.it.bench;

import java.util.Optional;

/** Which versions of HTTP a proxy speaks besides 1.1: HTTP/2 without TLS with clients, and with TLS with the upstream. */
record Abilities(boolean http2Clients, boolean http2Upstream) {
    static final Abilities ALL = new Abilities(true, true);

    /** Why it cannot do what is asked, if so. */
    Optional<String> obstacle(Options options) {
        if (options.clientProtocol().isHttp2() && !http2Clients) {
            return Optional.of("it speaks no HTTP/2 without TLS with clients");
        }
        if (options.http2Upstream() && !http2Upstream) {
            return Optional.of("it speaks no HTTP/2 with upstreams");
        }
        return Optional.empty();
    }
}
