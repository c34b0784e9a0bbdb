package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** What is wrong with a certificate or a key shows before anything uses it. Certificates are those that the JDK trusts. */
final class ListenTlsTest {

    private final ForwardProxyBuilder builder = ForwardProxy.builder();
    private final List<X509Certificate> roots = roots();
    private final PrivateKey key = keys().getPrivate();

    private static List<X509Certificate> roots() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return List.of(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAnEmptyChain() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.listenTls(List.of(), key))
                .withMessage("certificate chain must not be empty");
    }

    @Test
    void refusesAChainInAnyOtherOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.listenTls(roots.subList(0, 2), key))
                .withMessageStartingWith("certificate 1 (")
                .withMessageContaining(" is not signed by certificate 2 (")
                .withMessageEndingWith("; the order is leaf first, each followed by its signer");
    }

    @Test
    void refusesAKeyThatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.listenTls(roots.subList(0, 1), key))
                .withMessage("the key does not fit the first certificate (%s)"
                        .formatted(roots.get(0).getSubjectX500Principal().getName()));
        assertThat(builder.config()).isEqualTo(ForwardProxy.builder().config());
    }

    @Test
    void refusesToAskForCertificatesInPlainHttp() {
        builder.listenTlsClientCa(roots.subList(0, 1));

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(builder::build)
                .withMessage("clients can show certificates in TLS only; set listenTls, too");
    }

    @Test
    void renewsNothingInPlainHttp() {
        try (ForwardProxy proxy = builder.build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> proxy.renewListenTls(roots.subList(0, 1), key, List.of()))
                    .withMessage("speaks plain HTTP to clients");
        }
    }

    @Test
    void keepsTheKeyOutOfItsText() {
        byte[] encoded = key.getEncoded();
        String secret = HexFormat.of().formatHex(Arrays.copyOfRange(encoded, encoded.length - 8, encoded.length));

        String text = new ProxyConfig.ListenTls(roots.subList(0, 1), key, List.of()).toString();

        assertThat(text.replaceAll("[^0-9A-Fa-f]", "").toLowerCase()).doesNotContain(secret);
        assertThat(text).startsWith("ListenTls[").endsWith(", clientCa=0]");
    }
}
