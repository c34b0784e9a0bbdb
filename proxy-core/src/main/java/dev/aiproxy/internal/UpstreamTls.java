package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Whom the proxy trusts upstream, and what it shows there. */
final class UpstreamTls {

    private static final String NO_PASSWORD = "";

    private UpstreamTls() {}

    /**
     * For the proxy's own target.
     *
     * @param protocols what is offered (RFC 7301), the most welcome first; none if there is nothing to choose
     */
    static Context of(ProxyConfig config, String... protocols) {
        Context tls = config.targetTls().verify() ? verified(config, protocols) : unverified(config, protocols);
        config.targetTls().clientCertificate().ifPresent(certificate -> {
            tls.setKeyStore(storeOf(certificate));
            tls.setKeyStorePassword(NO_PASSWORD);
        });
        return tls;
    }

    private static KeyStore storeOf(ProxyConfig.ClientCertificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = certificate.chain().toArray(Certificate[]::new);
            store.setKeyEntry("proxy", certificate.key(), NO_PASSWORD.toCharArray(), chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("certificate or key cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    /** Whether one context serves the target and all other hosts: all are trusted alike, and none is shown a certificate. */
    static boolean isForAll(ProxyConfig config) {
        return config.targetTls().verify()
                && config.targetTls().clientCertificate().isEmpty();
    }

    private static Context unverified(ProxyConfig config, String... protocols) {
        Context tls = new Unverified(config, protocols);
        tls.setEndpointIdentificationAlgorithm(null);
        return tls;
    }

    /** For all others: checks certificate and name, whatever is set, and shows none. */
    static Context verified(ProxyConfig config, String... protocols) {
        Context tls = new Context(config, false, protocols);
        tls.setEndpointIdentificationAlgorithm("HTTPS");
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

    /** Whether any upstream is reached by TLS. */
    static boolean isNeeded(ProxyConfig config) {
        boolean isTargetSecure = config.target().getScheme().equals("https");
        boolean isProxySecure = config.upstreamProxy()
                .filter(proxy -> proxy.protocol() == ProxyConfig.UpstreamProxy.Protocol.HTTPS)
                .isPresent();
        return isTargetSecure || isProxySecure || !config.forwardAllow().isEmpty();
    }

    /**
     * Reads whom to trust when it is started; to read whom the system trusts takes two megabytes, and a good part of the
     * time of a start. If no upstream is reached by TLS, it waits until one is, or until a client asks for that all the
     * same, in absolute form.
     */
    static class Context extends SslContextFactory.Client {
        /** Trusted besides whom the system trusts. */
        private final List<X509Certificate> ca;

        private final boolean isNeeded;
        private final String[] protocols;
        private boolean isReady;

        Context(ProxyConfig config, boolean trustsAll, String... protocols) {
            super(trustsAll);
            this.ca = trustsAll ? List.of() : config.targetTls().ca();
            this.isNeeded = isNeeded(config);
            this.protocols = protocols.clone();
        }

        @Override
        protected void doStart() throws Exception {
            if (isNeeded) {
                makeReady();
            }
        }

        private synchronized void makeReady() throws Exception {
            if (!isReady) {
                if (!ca.isEmpty()) {
                    setTrustStore(systemRootsAnd(ca));
                }
                super.doStart();
                isReady = true;
            }
        }

        @Override
        protected synchronized void doStop() throws Exception {
            isReady = false;
            super.doStop();
        }

        /**
         * Reads whom to trust, unless it has.
         *
         * @throws IllegalStateException if that cannot be read
         */
        void ready() {
            try {
                makeReady();
            } catch (Exception e) {
                throw new IllegalStateException("cannot read whom to trust upstream", e);
            }
        }

        @Override
        public SSLEngine newSSLEngine() {
            ready();
            return super.newSSLEngine();
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            ready();
            return super.newSSLEngine(host, port);
        }

        @Override
        public void customize(SSLEngine engine) {
            super.customize(engine);
            if (protocols.length > 0) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setApplicationProtocols(protocols);
                engine.setSSLParameters(parameters);
            }
        }
    }

    /** Jetty's own trusts everybody only as long as there is nothing to show. */
    private static final class Unverified extends Context {
        Unverified(ProxyConfig config, String... protocols) {
            super(config, true, protocols);
        }

        @Override
        protected TrustManager[] getTrustManagers(
                @Nullable KeyStore trustStore, @Nullable Collection<? extends CRL> revoked) {
            return TRUST_ALL_CERTS;
        }
    }
}
