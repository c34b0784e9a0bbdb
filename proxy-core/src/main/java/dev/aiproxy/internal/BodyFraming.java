package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpVersion;

/** How the client is told where a response body ends (RFC 9112 §6). */
enum BodyFraming {
    /** There is no body. */
    NONE,
    /** By Content-Length. */
    LENGTH,
    /** By the last chunk. */
    CHUNKED,
    /** By the end of the connection. */
    CLOSE;

    static BodyFraming of(ResponseHead head, String requestMethod, HttpVersion clientVersion) {
        if (head.isBodiless(requestMethod)) {
            return NONE;
        }
        if (!head.isOfUnknownLength()) {
            return LENGTH;
        }
        // A body delimited by the end of the upstream's connection becomes chunked, too: only so can an
        // HTTP/1.1 client tell a whole answer from half of one.
        return clientVersion == HttpVersion.HTTP_1_1 ? CHUNKED : CLOSE;
    }
}
