package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy shows to clients in TLS, and what it asks of them. It can be swapped at any time, by any thread: each
 * connection gets what was in effect when it came.
 *
 * <p>Jetty's own reload empties the factory and fills it again: a connection that comes meanwhile finds it half empty, and
 * if the filling fails, so do all that come later. Here one reference changes when all is ready.
 */
final class ClientTls extends SslContextFactory.Server {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    /** RFC 7301 §6; curl asks for the older one if it is told to speak that. */
    private static final String[] APPLICATION_PROTOCOLS = {"http/1.1", "http/1.0"};

    private static final char[] NO_PASSWORD = {};

    private volatile Identity identity;

    private ClientTls(Identity identity) {
        this.identity = identity;
        setSslContext(identity.context());
        setRenegotiationAllowed(false);
    }

    static ClientTls of(ProxyConfig.ListenTls settings) {
        return new ClientTls(Identity.of(settings));
    }

    /** For connections that come from now on. */
    void renew(ProxyConfig.ListenTls settings) {
        identity = Identity.of(settings);
    }

    @Override
    public SSLEngine newSSLEngine() {
        return identity.customized(this, identity.context().createSSLEngine());
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        Identity current = identity;
        return current.customized(this, current.context().createSSLEngine(host, port));
    }

    /**
     * A certificate and whom to ask for one.
     *
     * @param context holds the key and who is trusted
     * @param asksClients whether clients must show a certificate
     */
    private record Identity(SSLContext context, boolean asksClients) {

        static Identity of(ProxyConfig.ListenTls settings) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keys(settings), trust(settings.clientCa()), null);
                return new Identity(context, !settings.clientCa().isEmpty());
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalArgumentException("certificate or key cannot be used for TLS: " + e.getMessage(), e);
            }
        }

        private static KeyManager[] keys(ProxyConfig.ListenTls settings) throws GeneralSecurityException, IOException {
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    "proxy", settings.key(), NO_PASSWORD, settings.chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        }

        private static TrustManager @Nullable [] trust(List<X509Certificate> clientCa)
                throws GeneralSecurityException, IOException {
            if (clientCa.isEmpty()) {
                return null;
            }
            KeyStore store = emptyStore();
            for (int i = 0; i < clientCa.size(); i++) {
                store.setCertificateEntry("client-" + i, clientCa.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        }

        private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        }

        SSLEngine customized(SslContextFactory factory, SSLEngine engine) {
            factory.customize(engine);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(VERSIONS);
            parameters.setApplicationProtocols(APPLICATION_PROTOCOLS);
            parameters.setNeedClientAuth(asksClients);
            engine.setSSLParameters(parameters);
            return engine;
        }
    }
}
