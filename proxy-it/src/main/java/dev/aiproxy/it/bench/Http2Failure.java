package dev.aiproxy.it.bench;

import java.io.IOException;

/** What the other side of HTTP/2 must not do, or does not do in a way that can be measured. */
final class Http2Failure extends IOException {
    private static final long serialVersionUID = 1;

    Http2Failure(String message) {
        super("HTTP/2: " + message);
    }
}
