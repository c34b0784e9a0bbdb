package dev.aiproxy;

/** How an exchange ended. Every exchange ends exactly once, with exactly one of these. */
public enum Outcome {
    /** The whole response reached the client's connection; or both ends of a tunnel finished in order. */
    COMPLETED,

    /** The proxy itself answered, because the request was malformed, not allowed, or over a limit. */
    REFUSED,

    /** The client left before the response was complete; the upstream connection was closed. */
    CLIENT_GONE,

    /** The upstream could not be reached or answered nothing usable; the client got a JSON error. */
    UPSTREAM_FAILED,

    /** The upstream broke off in the middle of its response; the client's response was torn, too. */
    UPSTREAM_CUT,

    /** A time limit ran out: waiting for a connection, for the first byte, or for the next one. */
    TIMED_OUT,

    /** The proxy was stopped before the exchange was over, and the drain time had run out. */
    SHUT_DOWN
}
