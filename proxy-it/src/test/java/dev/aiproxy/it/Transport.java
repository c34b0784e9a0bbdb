package dev.aiproxy.it;

/** What the proxy and its clients speak HTTP over. */
enum Transport {
    TCP,
    TLS;

    /** Sets the proxy up for it; before the first connection. */
    void of(ProxyExtension proxy) {
        if (this == TLS) {
            proxy.overTls(TestCertificates.get().trustingClient());
        }
    }
}
