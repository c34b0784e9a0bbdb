package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which keys and certificates the proxy can show to clients, and what it says of those that it cannot. */
@Timeout(60)
class ListenTlsFilesTest {

    private static final String SETTINGS = "LISTEN_TLS_CERT=a.crt\nLISTEN_TLS_KEY=a.key\n";
    private static final String CERT_RULE =
            "config.env:1: LISTEN_TLS_CERT is 'a.crt', must be a readable file of a certificate in PEM form, its chain"
                    + " behind it, that LISTEN_TLS_KEY fits, or empty for none: ";
    private static final String KEY_RULE =
            "config.env:2: LISTEN_TLS_KEY is 'a.key', must be a readable file of a private key in PEM form, or empty for"
                    + " none: ";
    private static final String CONVERT = "; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";

    @TempDir
    private Path home;

    private OpenSsl openssl;

    @BeforeEach
    void make() {
        openssl = new OpenSsl(home);
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                key("PKCS#8, RSA", "RSA", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out a.key"),
                key(
                        "PKCS#1, RSA",
                        "RSA",
                        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k",
                        "rsa -traditional -in k -out a.key"),
                key("PKCS#8, EC", "EC", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out a.key"),
                key("SEC1, EC, curve in front", "EC", "ecparam -name prime256v1 -genkey -out a.key"),
                key("SEC1, EC, curve alone in the key", "EC", "ecparam -name secp521r1 -genkey -noout -out a.key"),
                key("Ed25519", "EdDSA", "genpkey -algorithm ED25519 -out a.key"),
                key(
                        "encrypted, as openssl does it",
                        "EC",
                        "ecparam -name prime256v1 -genkey -noout -out k",
                        "pkcs8 -topk8 -in k -out a.key -passout pass:s3cret"),
                key(
                        "encrypted, RSA, SHA-512 and AES-128",
                        "RSA",
                        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k",
                        "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -in k -out a.key -passout pass:s3cret"),
                key(
                        "encrypted, as it once was",
                        "EC",
                        "ecparam -name prime256v1 -genkey -noout -out k",
                        "pkcs8 -topk8 -v1 PBE-SHA1-3DES -in k -out a.key -passout pass:s3cret"));
    }

    private static Arguments key(String name, String algorithm, String... commands) {
        return argumentSet(name, algorithm, commands);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void takesEveryUsualKey(String algorithm, String... commands) throws IOException {
        for (String command : commands) {
            openssl.run(command);
        }
        openssl.run("req -x509 -key a.key -passin pass:s3cret -subj /CN=a -days 2 -out a.crt");
        Files.writeString(home.resolve("config.env"), SETTINGS + "LISTEN_TLS_KEY_PASSWORD=s3cret\n");

        ListenTls tls = load().listenTls().orElseThrow();

        assertThat(tls.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(tls.chain()).hasSize(1);
        assertThat(tls.clientCa()).isEmpty();
    }

    @Test
    void takesAChainBesideItsKeyInOneFileWithRemarks() throws IOException {
        openssl.key("root").certificate("root").signed("a", "root");
        openssl.write("remark", "Bag Attributes\n    friendlyName: a\n");
        openssl.join("all.pem", "remark", "a.key", "remark", "a.crt", "remark", "root.crt");
        Files.writeString(
                home.resolve("config.env"),
                "LISTEN_TLS_CERT=all.pem\nLISTEN_TLS_KEY=all.pem\nLISTEN_TLS_CLIENT_CA=root.crt\n");

        ListenTls tls = load().listenTls().orElseThrow();

        assertThat(tls.chain()).hasSize(2);
        assertThat(tls.clientCa()).hasSize(1);
        assertThat(ProxyAssembly.builder(load())
                        .build()
                        .config()
                        .listen()
                        .tls()
                        .orElseThrow()
                        .chain())
                .isEqualTo(tls.chain());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "half a certificate",
                        made -> made.write("a.crt", made.text("a.crt").substring(0, 300)),
                        CERT_RULE + "it breaks off: no '-----END CERTIFICATE-----' where one is due"),
                mistake(
                        "a certificate behind half a one",
                        made -> made.write("half", made.text("a.crt").substring(0, 300) + "\n")
                                .join("b.crt", "half", "a.crt")
                                .join("a.crt", "b.crt"),
                        CERT_RULE + "it breaks off: no '-----END CERTIFICATE-----' where one is due"),
                mistake(
                        "half a key",
                        made -> made.write("a.key", made.text("a.key").substring(0, 100)),
                        KEY_RULE + "it breaks off: no '-----END PRIVATE KEY-----' where one is due"),
                mistake(
                        "a certificate that is none",
                        made -> made.write("a.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                        CERT_RULE + "a certificate in it is damaged"),
                mistake(
                        "a key that is none",
                        made -> made.write("a.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                        KEY_RULE + "its private key is damaged, or neither RSA, EC nor Ed25519"),
                mistake(
                        "an old key that is none",
                        made -> made.write(
                                "a.key", "-----BEGIN EC PRIVATE KEY-----\nMIIA\n-----END EC PRIVATE KEY-----\n"),
                        KEY_RULE + "its private key does not name its curve"),
                mistake(
                        "an old key cut within",
                        made -> made.write(
                                "a.key", "-----BEGIN EC PRIVATE KEY-----\nMA==\n-----END EC PRIVATE KEY-----\n"),
                        KEY_RULE + "its private key is damaged"),
                mistake(
                        "a key that is no Base64",
                        made -> made.write("a.key", "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n"),
                        KEY_RULE + "its block 'PRIVATE KEY' is damaged"),
                mistake(
                        "an empty certificate file",
                        made -> made.write("a.crt", ""),
                        CERT_RULE + "no '-----BEGIN CERTIFICATE-----' in it"),
                mistake(
                        "a certificate for a key",
                        made -> made.join("a.key", "a.crt"),
                        KEY_RULE + "no private key in it"),
                mistake(
                        "somebody else's key",
                        made -> made.key("a"),
                        CERT_RULE + "the key does not fit the first certificate (CN=a)"),
                mistake(
                        "a chain upside down",
                        made -> made.signed("b", "a").join("a.crt", "a.crt", "b.crt"),
                        CERT_RULE
                                + "certificate 1 (CN=a) is not signed by certificate 2 (CN=b); the order is leaf first,"
                                + " each followed by its signer"),
                mistake(
                        "a key in OpenSSL's old encryption",
                        made -> made.run("ec -in a.key -aes256 -out b.key -passout pass:s3cret")
                                .join("a.key", "b.key"),
                        KEY_RULE + "it is encrypted in OpenSSL's old way" + CONVERT),
                mistake(
                        "a key in an encryption unknown to Java",
                        made -> made.run("pkcs8 -topk8 -scrypt -in a.key -out b.key -passout pass:s3cret")
                                .join("a.key", "b.key")
                                .write("config.env", SETTINGS + "LISTEN_TLS_KEY_PASSWORD=s3cret\n"),
                        KEY_RULE + "its private key is encrypted in a way that Java does not know" + CONVERT),
                mistake(
                        "an encrypted key without a password",
                        made -> made.run("pkcs8 -topk8 -in a.key -out b.key -passout pass:s3cret")
                                .join("a.key", "b.key"),
                        KEY_RULE + "its private key is encrypted; set LISTEN_TLS_KEY_PASSWORD"),
                mistake(
                        "an encrypted key with another password",
                        made -> made.run("pkcs8 -topk8 -in a.key -out b.key -passout pass:s3cret")
                                .join("a.key", "b.key")
                                .write("config.env", SETTINGS + "LISTEN_TLS_KEY_PASSWORD=guess\n"),
                        KEY_RULE + "LISTEN_TLS_KEY_PASSWORD does not open its private key"),
                mistake(
                        "a key of another program",
                        made -> made.write(
                                "a.key",
                                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"),
                        KEY_RULE + "a 'OPENSSH PRIVATE KEY' is not supported" + CONVERT),
                mistake(
                        "a certificate alone",
                        made -> made.write("config.env", "LISTEN_TLS_CERT=a.crt\n"),
                        "config.env:1: LISTEN_TLS_CERT is 'a.crt', must be set together with LISTEN_TLS_KEY"),
                mistake(
                        "a key alone",
                        made -> made.write("config.env", "\nLISTEN_TLS_KEY=a.key\n"),
                        "config.env:2: LISTEN_TLS_KEY is 'a.key', must be set together with LISTEN_TLS_CERT"),
                mistake(
                        "an authority for plain HTTP",
                        made -> made.write("config.env", "LISTEN_TLS_CLIENT_CA=a.crt\n"),
                        "config.env:1: LISTEN_TLS_CLIENT_CA is 'a.crt', must be set together with LISTEN_TLS_CERT"),
                mistake(
                        "an authority that is none",
                        made -> made.write("config.env", SETTINGS + "LISTEN_TLS_CLIENT_CA=a.key\n"),
                        "config.env:3: LISTEN_TLS_CLIENT_CA is 'a.key', must be a readable file of certificates in PEM"
                                + " form, or empty for none: no '-----BEGIN CERTIFICATE-----' in it"),
                mistake(
                        "a password for nothing",
                        made -> made.write("config.env", "LISTEN_TLS_KEY_PASSWORD=s3cret\n"),
                        "config.env:1: LISTEN_TLS_KEY_PASSWORD is '***', must be set together with LISTEN_TLS_KEY"));
    }

    private static Arguments mistake(String name, Consumer<OpenSsl> made, String line) {
        return argumentSet(name, made, line);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void tellsWhatIsWrongInOneLine(Consumer<OpenSsl> mistake, String line) {
        openssl.key("a").certificate("a").write("config.env", SETTINGS);
        mistake.accept(openssl);

        Program.Result result = Program.in(home).run("run");

        assertThat(result.err()).isEqualTo("%s/%s%n".formatted(home, line));
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void warnsOfAnExpiredCertificateAndShowsNoSecret() {
        openssl.key("a").run("req -new -key a.key -subj /CN=a -out a.csr");
        openssl.run("x509 -req -in a.csr -signkey a.key -days -1 -out a.crt");
        openssl.write("config.env", SETTINGS + "LISTEN_TLS_KEY_PASSWORD=s3cret\n");

        Program.Result table = Program.in(home).run("config");
        Program.Result json = Program.in(home).run("config", "--json");

        assertThat(table.err())
                .startsWith(home + "/config.env:1: LISTEN_TLS_CERT: certificate CN=a expired at ")
                .endsWith(
                        "; clients will refuse it%nwarning: %s/config.env holds a secret and can be read by everyone on this machine; chmod 600 it%n"
                                .formatted(home));
        assertThat(table.exitCode()).isZero();
        assertThat(table.out() + json.out()).contains("***").doesNotContain("s3cret");
    }

    private Settings load() {
        return new SettingsLoader(home, Map.of()).load(new GivenFlags(Optional.of(home), Optional.empty(), Map.of()));
    }
}
