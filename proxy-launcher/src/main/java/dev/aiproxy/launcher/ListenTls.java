package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What was in the files of {@link ListenTlsFiles}, and fits together.
 *
 * @param files where it came from
 * @param chain the proxy's certificate first
 * @param key its private key
 * @param clientCa who must have signed the certificates of clients; empty if they need none
 */
record ListenTls(ListenTlsFiles files, List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCa) {

    void applyTo(ForwardProxyBuilder builder) {
        builder.listenTls(chain, key).listenTlsClientCa(clientCa);
    }

    void applyTo(ForwardProxy proxy) {
        proxy.renewListenTls(chain, key, clientCa);
    }

    /** Names the certificate, never the key. */
    @Override
    public String toString() {
        return Validity.text(chain);
    }
}
