package dev.aiproxy;

/** The version of HTTP that the target is spoken to in. Everything else but the target is spoken to in HTTP/1.1. */
public enum TargetHttpVersion {
    /** HTTP/1.1, in which field names keep their case and each exchange has a connection to itself. */
    HTTP_1_1,

    /** HTTP/2 if the target is an {@code https} one and agrees to it (ALPN, RFC 7301), else HTTP/1.1. */
    AUTO,

    /**
     * HTTP/2 only: an {@code https} target must agree to it, an {@code http} one is taken to know it ("prior knowledge",
     * RFC 9113 §3.3). WebSocket and other upgrades still go in HTTP/1.1, which alone has them.
     */
    HTTP_2
}
