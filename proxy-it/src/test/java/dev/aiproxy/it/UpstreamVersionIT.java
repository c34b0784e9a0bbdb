package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which version of HTTP the upstream is spoken to in, and what happens if it does not agree. */
final class UpstreamVersionIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private FrameServer server;

    @AfterEach
    void stopServer() {
        proxy.proxy().close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void saysThatTheUpstreamDoesNotKnowHttp2() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        proxy.upstream().greet(Script.of(Step.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")));
        proxy.with(builder -> builder.targetHttpVersion(TargetHttpVersion.HTTP_2));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_version_refused");
    }

    @Test
    void saysThatTheUpstreamDoesNotAgreeToHttp2() throws IOException {
        proxy.to(ScriptedUpstream.tls(TestCertificates.get().localhost()))
                .with(builder -> builder.targetCa(List.of(TestCertificates.get().authority()))
                        .targetHttpVersion(TargetHttpVersion.HTTP_2));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_version_refused");
    }

    @Test
    void goesInHttp1IfTheUpstreamPrefersThatAndRemembersIt() throws IOException {
        proxy.to(ScriptedUpstream.tls(TestCertificates.get().localhost()))
                .with(builder -> builder.targetCa(List.of(TestCertificates.get().authority()))
                        .targetHttpVersion(TargetHttpVersion.AUTO));
        proxy.upstream().answer(request -> Answers.ok());

        for (int i = 0; i < 3; i++) {
            RawClient client = proxy.connect().send(proxy.postRequest("/", "{}"));
            assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        }

        // One was to ask; it is not asked again.
        Eventually.await("the end of the one that asked", () -> proxy.upstream().connections().stream()
                .anyMatch(connection -> connection.ending() == Ending.FIN));
        assertThat(proxy.upstream().connections())
                .extracting(RecordedConnection::ending)
                .containsOnlyOnce(Ending.FIN);
    }

    @Test
    void goesInHttp2IfTheUpstreamAgrees() throws Exception {
        FrameScript script = new FrameScript(request -> request.answer("fine"));
        server = FrameServer.tls(script, TestCertificates.get().localhost());
        proxy.with(builder -> builder.target(server.uri())
                .targetCa(List.of(TestCertificates.get().authority()))
                .targetHttpVersion(TargetHttpVersion.AUTO));

        assertThat(proxy.get("/").readResponse().text()).isEqualTo("fine");

        assertThat(script.connections()).isEqualTo(1);
    }

    @Test
    void checksTheCertificateInHttp2Too() throws Exception {
        FrameScript script = new FrameScript(request -> request.answer("fine"));
        server = FrameServer.tls(script, TestCertificates.get().otherHost());
        proxy.with(builder -> builder.target(server.uri())
                .targetCa(List.of(TestCertificates.get().authority()))
                .targetHttpVersion(TargetHttpVersion.HTTP_2));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_tls_failed");

        assertThat(script.left()).isZero();
    }

    @Test
    void asksForOtherProtocolsInHttp1() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        proxy.with(builder -> builder.targetHttpVersion(TargetHttpVersion.HTTP_2));

        RawClient client = proxy.connect()
                .send("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().value("Upgrade")).contains("websocket");
    }
}
