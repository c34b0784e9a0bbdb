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
    private static final String[] HTTP_1 = {"http/1.1", "http/1.0"};

    private static final String[] HTTP_2_AND_1 = {"h2", "http/1.1", "http/1.0"};

    private static final char[] NO_PASSWORD = {};

    private final boolean isHttp2;
    private volatile Identity identity;

    private ClientTls(Identity identity, boolean isHttp2) {
        this.identity = identity;
        this.isHttp2 = isHttp2;
        setSslContext(identity.context());
        setRenegotiationAllowed(false);
    }

    /** @param isHttp2 whether clients that can are to speak HTTP/2 */
    static ClientTls of(ProxyConfig.ListenTls settings, boolean isHttp2) {
        return new ClientTls(Identity.of(settings), isHttp2);
    }

    /** For connections that come from now on. */
    void renew(ProxyConfig.ListenTls settings) {
        identity = Identity.of(settings);
    }

    @Override
    public SSLEngine newSSLEngine() {
        Identity current = identity;
        return customized(current, current.context().createSSLEngine());
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        Identity current = identity;
        return customized(current, current.context().createSSLEngine(host, port));
    }

    private SSLEngine customized(Identity current, SSLEngine engine) {
        customize(engine);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setApplicationProtocols(isHttp2 ? HTTP_2_AND_1 : HTTP_1);
        parameters.setNeedClientAuth(current.asksClients());
        engine.setSSLParameters(parameters);
        return engine;
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
    }
}
