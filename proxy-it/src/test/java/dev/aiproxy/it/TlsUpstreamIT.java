package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The upstream is who it says, or gets no request. */
final class TlsUpstreamIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private void trustAuthority() {
        proxy.with(builder -> builder.targetCa(List.of(CERTIFICATES.authority())));
    }

    private void expectRefusalOf(SSLContext server) throws IOException {
        proxy.to(ScriptedUpstream.tls(server));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_tls_failed");

        assertThat(proxy.expectEnd(Outcome.UPSTREAM_FAILED).errorCode()).contains("upstream_tls_failed");
        assertThat(proxy.upstream().requests()).isEmpty();
    }

    @Test
    void streamsFromAnUpstreamThatIsTrusted() throws IOException {
        trustAuthority();
        Gate gate = Gate.named("next event");
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost())).upstream().enqueue(Answers.gatedEvents(3, gate));

        RawClient client = proxy.get("/v1/stream");

        client.readHead();
        for (int number = 1; number <= 3; number++) {
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(number));
        }
        assertThat(proxy.upstream().takeRequest().head().values("Host"))
                .containsExactly(proxy.upstream().authority());
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() throws IOException {
        expectRefusalOf(CERTIFICATES.localhost());
    }

    @Test
    void refusesACertificateOfAnotherHost() throws IOException {
        trustAuthority();
        expectRefusalOf(CERTIFICATES.otherHost());
    }

    @Test
    void refusesAnExpiredCertificate() throws IOException {
        trustAuthority();
        expectRefusalOf(CERTIFICATES.expired());
    }

    @Test
    void refusesAnUpstreamThatSpeaksNoTls() throws IOException {
        proxy.to(ScriptedUpstream.plain());
        proxy.upstream().greet(Script.of(Step.send("HTTP/1.1 400 Bad Request\r\n\r\n"), new Step.HalfClose()));
        proxy.target(URI.create("https://localhost:" + proxy.upstream().port()));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_tls_failed");
    }

    @Test
    void takesAnyCertificateWhenToldNotToVerify() throws IOException {
        proxy.with(builder -> builder.targetTlsVerify(false));
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.otherHost())).upstream().enqueue(Answers.ok());

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void countsTheHandshakeAsPartOfConnecting() throws IOException {
        proxy.to(ScriptedUpstream.silent()).with(builder -> builder.connectTimeout(Duration.ofMillis(300)));
        proxy.target(URI.create("https://localhost:" + proxy.upstream().port()));

        assertProxyError(proxy.get("/").readResponse(), 504, "upstream_connect_timeout");

        proxy.expectEnd(Outcome.TIMED_OUT);
    }

    /** A TLS stream that ends without close_notify may have been cut by anyone on the way. */
    @Test
    void tearsAStreamThatIsCutBelowTls() throws IOException {
        trustAuthority();
        Gate gate = Gate.named("cut");
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()))
                .upstream()
                .enqueue(Answers.eventHead().then(Step.chunk("half"), Step.await(gate), new Step.Reset()));
        RawClient client = proxy.get("/");
        client.readHead();
        assertThat(client.readChunk()).isEqualTo("half");

        gate.open();

        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }
}
