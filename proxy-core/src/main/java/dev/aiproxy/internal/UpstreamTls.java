package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Whom the proxy trusts upstream. */
final class UpstreamTls {

    private UpstreamTls() {}

    static SslContextFactory.Client of(ProxyConfig config) {
        if (config.targetTls().verify()) {
            return verified(config);
        }
        SslContextFactory.Client tls = new SslContextFactory.Client(true);
        tls.setEndpointIdentificationAlgorithm(null);
        return tls;
    }

    /** Checks certificate and name, whatever is set. */
    static SslContextFactory.Client verified(ProxyConfig config) {
        SslContextFactory.Client tls = new SslContextFactory.Client(false);
        tls.setEndpointIdentificationAlgorithm("HTTPS");
        if (!config.targetTls().ca().isEmpty()) {
            tls.setTrustStore(systemRootsAnd(config.targetTls().ca()));
        }
        return tls;
    }

    private static KeyStore systemRootsAnd(Iterable<X509Certificate> extra) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            int number = 0;
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    for (X509Certificate root : x509.getAcceptedIssuers()) {
                        store.setCertificateEntry("system-" + number++, root);
                    }
                }
            }
            for (X509Certificate certificate : extra) {
                store.setCertificateEntry("target-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot build a trust store", e);
        }
    }
}
