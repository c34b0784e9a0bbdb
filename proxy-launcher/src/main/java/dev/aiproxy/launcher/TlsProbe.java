package dev.aiproxy.launcher;

import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS to a server, and the certificates that it has shown, also if they are not trusted. For one thread. */
final class TlsProbe {

    private final Recorder recorder;
    private final KeyManager[] own;

    private TlsProbe(Recorder recorder, KeyManager... own) {
        this.recorder = recorder;
        this.own = own;
    }

    /**
     * One that trusts what the system trusts.
     *
     * @param more and these
     */
    static TlsProbe trusting(List<X509Certificate> more) throws GeneralSecurityException, IOException {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        int count = 0;
        for (X509Certificate root : ofStore(null).getAcceptedIssuers()) {
            roots.setCertificateEntry("system-" + count++, root);
        }
        for (X509Certificate root : more) {
            roots.setCertificateEntry("more-" + count++, root);
        }
        return new TlsProbe(new Recorder(List.of(ofStore(roots))));
    }

    /** One that trusts everybody: for a server that is known by other means, or a proxy that does the same. */
    static TlsProbe trustingAll() {
        return new TlsProbe(new Recorder(List.of()));
    }

    private static X509ExtendedTrustManager ofStore(@Nullable KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(roots);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("this Java has no trust manager for certificates");
    }

    /** The same, with a certificate of its own for a server that asks for one. */
    TlsProbe showing(ProxyConfig.ClientCertificate certificate) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        char[] password = {};
        keys.setKeyEntry("own", certificate.key(), password, certificate.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password);
        return new TlsProbe(recorder, factory.getKeyManagers());
    }

    /** Shakes hands on a connection; whoever is trusted must also have a certificate for the host. */
    SSLSocket over(Socket connection, String host) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, new TrustManager[] {recorder}, null);
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(connection, host, connection.getPort(), true);
        if (!recorder.judges().isEmpty()) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        return tls;
    }

    /** What the server has shown, its own certificate first; empty if it never came to that. */
    List<X509Certificate> shown() {
        return recorder.shown;
    }

    /** Notes what is shown before those judge it who may refuse. */
    private static final class Recorder extends X509ExtendedTrustManager {

        private final List<X509ExtendedTrustManager> judges;
        private List<X509Certificate> shown = List.of();

        Recorder(List<X509ExtendedTrustManager> judges) {
            this.judges = judges;
        }

        List<X509ExtendedTrustManager> judges() {
            return judges;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            shown = List.of(chain);
            for (X509ExtendedTrustManager judge : judges) {
                judge.checkServerTrusted(chain, type, socket);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not used");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not used");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not used");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not used");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not used");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
