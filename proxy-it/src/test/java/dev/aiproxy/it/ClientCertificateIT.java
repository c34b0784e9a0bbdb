package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The target learns by certificate who the proxy is, and nobody else does. */
@Timeout(60)
final class ClientCertificateIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @TempDir
    Path home;

    private void showCertificate() {
        proxy.with(builder -> builder.targetClientCertificate(CERTIFICATES.clientChain(), CERTIFICATES.clientKey()));
    }

    private static ScriptedUpstream askingUpstream() {
        return ScriptedUpstream.tlsForKnownClients(CERTIFICATES.localhostForKnownClients());
    }

    private ProxyExtension toAskingUpstream() {
        return proxy.to(askingUpstream()).with(builder -> builder.targetCa(List.of(CERTIFICATES.authority())));
    }

    @Test
    void isShownToATargetThatAsks() throws IOException {
        toAskingUpstream().upstream().enqueue(Answers.ok());
        showCertificate();

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void isShownAlsoWhereTheTargetIsNotVerified() throws IOException {
        toAskingUpstream().with(builder -> builder.targetTlsVerify(false));
        showCertificate();
        proxy.upstream().enqueue(Answers.ok());

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void isMissedByATargetThatAsks() throws IOException {
        toAskingUpstream();

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.status()).isEqualTo(502);
        assertThat(proxy.upstream().requests()).isEmpty();
    }

    @Test
    void doesNotTroubleATargetThatDoesNotAsk() throws IOException {
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()))
                .with(builder -> builder.targetCa(List.of(CERTIFICATES.authority())))
                .upstream()
                .enqueue(Answers.ok());
        showCertificate();

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void isNotShownToOtherHosts() throws IOException {
        toAskingUpstream();
        showCertificate();
        try (ScriptedUpstream other = askingUpstream()) {
            proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(other.authority()))));

            RawResponse response = proxy.connect()
                    .send("GET " + other.uri() + "/ HTTP/1.1\r\nHost: x\r\n\r\n")
                    .readResponse();

            assertThat(response.status()).isEqualTo(502);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void isNotShownToAnUpstreamProxy() throws IOException {
        showCertificate();
        try (ScriptedUpstream between = askingUpstream()) {
            proxy.target(URI.create("https://ai.example"))
                    .with(builder -> builder.targetCa(List.of(CERTIFICATES.authority()))
                            .upstreamProxy(URI.create("https://localhost:" + between.port())));

            assertThat(proxy.get("/").readResponse().status()).isEqualTo(502);
            assertThat(between.requests()).isEmpty();
        }
    }

    @Test
    void goesToTheTargetThroughAnUpstreamProxy() throws IOException {
        toAskingUpstream().upstream().enqueue(Answers.ok());
        showCertificate();
        try (RealProxy between = RealProxy.start(RealProxy.Kind.HTTPS, true, home)) {
            proxy.with(builder -> builder.upstreamProxy(between.uri()));

            assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void comesFromFiles() throws IOException {
        TestCertificates.write(home.resolve("cert.pem"), CERTIFICATES.clientChain());
        TestCertificates.write(home.resolve("key.pem"), CERTIFICATES.clientKey());
        try (ScriptedUpstream upstream = askingUpstream();
                LauncherProcess launcher = LauncherProcess.start(
                        home,
                        Map.of("TARGET_CLIENT_CERT", "cert.pem", "TARGET_CLIENT_KEY", "key.pem"),
                        "run",
                        "--listen-host=127.0.0.1",
                        "--listen-port=0",
                        "--target-host=localhost",
                        "--target-port=" + upstream.port(),
                        "--target-ca-file=" + CERTIFICATES.authorityFile())) {
            upstream.enqueue(Answers.ok());
            InetSocketAddress address = launcher.awaitAddress();

            try (RawClient client = RawClient.connect(address)) {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }
}
