package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar speaks TLS with a certificate from files, and with the next one once that is there. */
@Timeout(60)
final class TlsLauncherIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final Duration A_FEW_LOOKS = Duration.ofSeconds(20);

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @BeforeEach
    void writeFiles() throws IOException {
        TestCertificates.write(home.resolve("cert.pem"), CERTIFICATES.localhostChain());
        TestCertificates.write(home.resolve("key.pem"), CERTIFICATES.localhostKey());
    }

    @AfterEach
    void close() {
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    private LauncherProcess start() throws IOException {
        return LauncherProcess.forwarding(
                home, upstream.port(), "--listen-tls-cert=cert.pem", "--listen-tls-key=key.pem");
    }

    private static RawClient connect(InetSocketAddress address) throws IOException {
        return RawClient.connect(address, CERTIFICATES.trustingClient());
    }

    private static X509Certificate shown(InetSocketAddress address) {
        try (RawClient client = connect(address)) {
            return client.serverCertificate();
        } catch (IOException failure) {
            throw new AssertionError("no connection", failure);
        }
    }

    private void assertServed(RawClient client) throws IOException {
        upstream.enqueue(Answers.ok());
        assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                        .readResponse()
                        .status())
                .isEqualTo(200);
    }

    @SideBySide
    @Test
    void saysThatItListensInHttpsAndDoes() throws Exception {
        try (LauncherProcess launcher = start();
                RawClient client = connect(launcher.awaitAddress())) {
            assertServed(client);
            assertThat(launcher.out())
                    .contains("listening on https://127.0.0.1:", "OPENAI_BASE_URL=https://127.0.0.1:");
        }
    }

    @SideBySide
    @Test
    void showsACertificateThatIsRenewedOnDisk() throws Exception {
        try (LauncherProcess launcher = start()) {
            InetSocketAddress address = launcher.awaitAddress();
            try (RawClient old = connect(address)) {
                assertServed(old);

                TestCertificates.write(home.resolve("cert.pem"), CERTIFICATES.renewedChain());
                TestCertificates.write(home.resolve("key.pem"), CERTIFICATES.renewedKey());

                X509Certificate renewed = CERTIFICATES.renewedChain().get(0);
                Eventually.await("the renewed certificate", A_FEW_LOOKS, () -> shown(address)
                        .equals(renewed));
                assertServed(old);
            }
            // Clients see it first.
            Eventually.await("a line in the log", () -> proxyLog()
                    .contains("shows a renewed certificate to clients: CN=renewed"));
        }
    }

    @SideBySide
    @Test
    void keepsItsCertificateWhenTheFileGoesBadAndSaysSo() throws Exception {
        try (LauncherProcess launcher = start()) {
            InetSocketAddress address = launcher.awaitAddress();

            Files.writeString(home.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\nMII");

            Eventually.await("a warning", A_FEW_LOOKS, () -> proxyLog().contains("keeps the certificate it has"));
            assertThat(shown(address)).isEqualTo(CERTIFICATES.localhostChain().get(0));
        }
    }

    private String proxyLog() {
        try {
            return Files.readString(home.resolve("logs/proxy.log"));
        } catch (IOException failure) {
            throw new AssertionError("no log", failure);
        }
    }

    @SideBySide
    @Test
    void endsWithOneLineOverAKeyThatDoesNotFit() throws Exception {
        TestCertificates.write(home.resolve("key.pem"), CERTIFICATES.renewedKey());

        try (LauncherProcess launcher = start()) {
            assertThat(launcher.awaitExit()).isEqualTo(78);
            assertThat(launcher.err().lines())
                    .singleElement()
                    .asString()
                    .contains("LISTEN_TLS_CERT", "the key does not fit the first certificate (CN=localhost)");
        }
    }

    @SideBySide
    @ParameterizedTest
    @MethodSource("dev.aiproxy.it.RealClients#overTls")
    void showsEachEventToRealClientsBeforeTheNextIsSent(StreamingClient client) throws IOException {
        try (LauncherProcess launcher = start()) {
            URI uri = URI.create("https://localhost:" + launcher.awaitAddress().getPort());

            client.expectEachEventBeforeTheNextIsSent(uri, upstream);
        }
    }
}
