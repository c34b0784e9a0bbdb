package dev.aiproxy.it;

/** What the proxy and its clients speak HTTP/1.1 over, and what the proxy and its upstream speak. */
enum Transport {
    TCP(false, false),
    TLS(true, false),
    TCP_TO_HTTP_2(false, true),
    TLS_TO_HTTP_2(true, true);

    private final boolean isSecure;
    private final boolean isToHttp2;

    Transport(boolean isSecure, boolean isToHttp2) {
        this.isSecure = isSecure;
        this.isToHttp2 = isToHttp2;
    }

    /** Sets the proxy up for it; before the first connection. */
    void of(ProxyExtension proxy) {
        if (isSecure) {
            proxy.overTls(TestCertificates.get().trustingClient());
        }
        if (isToHttp2) {
            proxy.toHttp2(isSecure);
        }
    }

    /** Whether clients speak TLS. */
    boolean isSecure() {
        return isSecure;
    }

    boolean isToHttp2() {
        return isToHttp2;
    }
}
