package dev.aiproxy;

/** What becomes of the {@code Origin} field (RFC 6454 §7), by which browsers say which page a request comes from. */
public enum OriginField {
    /** It goes on as it came. */
    KEEP,

    /** It ends at the proxy, so that the AI server takes the request for one that no page has made. */
    DROP,

    /**
     * It becomes the target's own, for servers that serve their own pages only, as Ollama does unless {@code
     * OLLAMA_ORIGINS} is set.
     */
    TARGET
}
