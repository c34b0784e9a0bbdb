package dev.aiproxy.it;

import java.net.URI;
import java.util.Optional;

/** What the proxy and its upstream speak. */
enum UpstreamProtocol {
    HTTP_1,
    H2C,
    H2;

    /** Sets the proxy up for it; before the first connection. */
    void of(ProxyExtension proxy) {
        if (isHttp2()) {
            proxy.toHttp2(this == H2);
        }
    }

    boolean isHttp2() {
        return this != HTTP_1;
    }

    /** What stands before another upstream, so that it is spoken to like the first; nothing if it need not. */
    Optional<Http2Front> frontOf(ScriptedUpstream other) {
        return isHttp2() ? Optional.of(Http2Front.open(this == H2, other)) : Optional.empty();
    }

    /** The same host and port, as a target that speaks this. */
    URI at(URI plain) {
        return this == H2 ? URI.create("https://" + plain.getAuthority()) : plain;
    }
}
