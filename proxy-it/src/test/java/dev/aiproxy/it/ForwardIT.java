package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Used as an HTTP proxy, the proxy reaches what it is allowed to, and nothing else by whatever name. */
final class ForwardIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private ScriptedUpstream elsewhere = ScriptedUpstream.plain();

    @AfterEach
    void close() {
        elsewhere.close();
        assertThat(elsewhere.failures()).isEmpty();
    }

    private void allow(String... rules) {
        proxy.with(builder ->
                builder.forwardAllow(Arrays.stream(rules).map(ForwardRule::of).toList()));
    }

    private void allowElsewhere() {
        allow(elsewhere.authority());
    }

    private RawClient send(String method, String target) throws IOException {
        return proxy.connect().send(method + " " + target + " HTTP/1.1\r\nHost: client.example\r\n\r\n");
    }

    private void expectNoConnection() {
        assertThat(elsewhere.connections()).isEmpty();
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void forwardsToAHostThatIsAllowed() throws IOException {
        allowElsewhere();
        elsewhere.enqueue(Answers.ok());

        RawClient client = proxy.connect()
                .send("POST " + elsewhere.uri() + "/v1/a%2Fb?c=D HTTP/1.1\r\nhost: wrong.example\r\nX-Odd:  1 \r\n"
                        + "Proxy-Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(client.readResponse().status()).isEqualTo(200);
        RecordedRequest request = elsewhere.takeRequest();
        assertThat(request.head().text())
                .isEqualTo("POST /v1/a%2Fb?c=D HTTP/1.1\r\nhost: " + elsewhere.authority()
                        + "\r\nX-Odd:  1 \r\nContent-Length: 2\r\n\r\n");
        assertThat(request.body()).isEqualTo("{}");
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void streamsFromThere() throws IOException {
        allowElsewhere();
        Gate gate = Gate.named("next event");
        elsewhere.enqueue(Answers.gatedEvents(3, gate));

        RawClient client = send("GET", elsewhere.uri() + "/v1/stream");

        client.readHead();
        for (int number = 1; number <= 3; number++) {
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(number));
        }
    }

    @Test
    void servesBothOnOneConnection() throws IOException {
        allowElsewhere();
        elsewhere.enqueue(Answers.json(200, "elsewhere"));
        proxy.upstream().enqueue(Answers.json(200, "target"));
        RawClient client = send("GET", elsewhere.uri() + "/");
        assertThat(client.readResponse().text()).isEqualTo("elsewhere");

        client.send(proxy.getRequest("/"));

        assertThat(client.readResponse().text()).isEqualTo("target");
    }

    @Test
    void goesOutOverTlsWhereTheRequestSaysSo() throws IOException {
        elsewhere.close();
        elsewhere = ScriptedUpstream.tls(CERTIFICATES.localhost());
        allowElsewhere();
        proxy.with(builder -> builder.targetCa(List.of(CERTIFICATES.authority())));
        elsewhere.enqueue(Answers.ok());

        RawResponse response = send("GET", elsewhere.uri() + "/v1/models").readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(elsewhere.takeRequest().head().values("Host")).containsExactly(elsewhere.authority());
    }

    @Test
    void neverSendsInTheClearWhatWasAskedForUnderTls() throws IOException {
        proxy.upstream().greet(Script.of(Step.send("HTTP/1.1 400 Bad Request\r\n\r\n"), new Step.HalfClose()));
        String authority = proxy.upstream().authority();

        RawResponse response = send("GET", "https://" + authority + "/").readResponse();

        assertProxyError(response, 502, "upstream_tls_failed");
        assertThat(proxy.upstream().requests()).isEmpty();
    }

    /** The setting is about the target, whose certificate may be home-made; it says nothing about others. */
    @Test
    void checksTheCertificateOfOthersWhenToldNotToCheckTheTargets() throws IOException {
        elsewhere.close();
        elsewhere = ScriptedUpstream.tls(CERTIFICATES.localhost());
        allowElsewhere();
        proxy.with(builder -> builder.targetTlsVerify(false));

        RawResponse response = send("GET", elsewhere.uri() + "/").readResponse();

        assertProxyError(response, 502, "upstream_tls_failed");
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void namesTheSettingThatWouldAllowIt() throws IOException {
        RawResponse response = send("GET", "http://example.com/").readResponse();

        assertProxyError(response, 403, "forward_not_allowed");
        assertThat(response.text()).contains("FORWARD_ALLOW");
        expectNoConnection();
    }

    @Test
    void keepsTheConnectionAfterARefusal() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = send("GET", "http://example.com/");
        client.readResponse();

        assertThat(client.send(proxy.getRequest("/")).readResponse().status()).isEqualTo(200);
    }

    @Test
    void tellsListenersWhereARequestWent() throws IOException {
        allowElsewhere();
        elsewhere.enqueue(Answers.ok());

        send("GET", elsewhere.uri() + "/v1?key=secret").readResponse();

        assertThat(proxy.expectEnd(Outcome.COMPLETED).exchange())
                .hasFieldOrPropertyWithValue("path", elsewhere.uri() + "/v1")
                .hasFieldOrPropertyWithValue("query", "?key=");
    }

    @ParameterizedTest
    @CsvSource({
        "*:%d, localhost",
        "*:%d, 127.0.0.1",
        "*:%d, 0.0.0.0",
        "*:%d, [::1]",
        "*:%d, [::]",
        "*:%d, 169.254.169.254",
        "*:%d, 10.0.0.1",
        "*:%d, 192.168.0.1",
        "*:%d, [fe80::1]",
        "*:%d, [fd00:ec2::254]",
        "*:%d, 224.0.0.1"
    })
    void reachesNoInternalAddressByAWildcard(String rule, String host) throws IOException {
        allow(rule.formatted(elsewhere.port()));
        String authority = host + ":" + elsewhere.port();

        assertProxyError(send("GET", "http://" + authority + "/").readResponse(), 403, "forward_address_not_allowed");
        assertProxyError(send("CONNECT", authority).readResponse(), 403, "forward_address_not_allowed");
        expectNoConnection();
    }

    @Test
    void usesNoConnectionOfATargetForAWildcard() throws IOException {
        allow("*:" + proxy.upstream().port());
        proxy.upstream().answer(request -> Answers.ok());
        String authority = proxy.upstream().authority();
        RawClient client = proxy.get("/");
        assertThat(client.readResponse().status()).isEqualTo(200);
        proxy.proxy().retarget(elsewhere.uri());

        RawResponse response = client.send("GET http://" + authority + "/ HTTP/1.1\r\nHost: x\r\n\r\n")
                .readResponse();

        assertProxyError(response, 403, "forward_address_not_allowed");
        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433:%d",
                "0x7f000001:%d",
                "0x7f.1:%d",
                "0X7F.0.0.1:%d",
                "0177.0.0.1:%d",
                "127.1:%d",
                "127.0.0.1.:%d",
                "localhost.:%d",
                "[::ffff:127.0.0.1]:%d",
                "[::ffff:7f00:1]:%d",
                "[::ffff:7F00:0001]:%d",
                "127.0.0.1:80",
                "127.0.0.1"
            })
    void refusesOtherSpellingsOfAHostThatIsAllowed(String spelling) throws IOException {
        allow("localhost:" + elsewhere.port(), "127.0.0.1:" + elsewhere.port(), "*:" + elsewhere.port());
        String authority = spelling.formatted(elsewhere.port());

        assertProxyError(send("GET", "http://" + authority + "/").readResponse(), 403, "forward_not_allowed");
        expectNoConnection();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "me@127.0.0.1:%d",
                "me:secret@127.0.0.1:%d",
                "127.0.0.1:%d@other.example",
                "[::1%%25lo]:%d",
                "[::1%%lo]:%d",
                "%%31%%32%%37.0.0.1:%d",
                "127.0.0.1:0",
                "127.0.0.1:99999",
                "127.0.0.1:4294967376",
                "127.0.0.1:-1",
                "127.0.0.1:+80",
                "127.0.0.1:",
                "127.0.0.1:x",
                ":%d",
                "a\\b:%d",
                "a_b:%d",
                "127.0.0.1:%d\\@other.example"
            })
    void answers400ToAnAuthorityThatIsNone(String spelling) throws IOException {
        allow("localhost:" + elsewhere.port(), "127.0.0.1:" + elsewhere.port(), "*:" + elsewhere.port(), "*");
        String authority = spelling.formatted(elsewhere.port());

        assertProxyError(send("GET", "http://" + authority + "/").readResponse(), 400, "bad_request");
        assertProxyError(send("CONNECT", authority).readResponse(), 400, "bad_request");
        expectNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "0.0.0.0", "[::1]"})
    void answers508ToRequestsForItself(String host) throws IOException {
        try (ForwardProxy self = selfForwarding(host)) {
            String authority = host + ":" + self.address().getPort();

            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), self.address().getPort());
            try (RawClient client = RawClient.connect(address)) {
                client.send("GET http://" + authority + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
                assertProxyError(client.readResponse(), 508, "request_loop");
                client.send("CONNECT " + authority + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertProxyError(client.readResponse(), 508, "request_loop");
            }
        }
    }

    private ForwardProxy selfForwarding(String host) throws IOException {
        int port = FreePort.any();
        return ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen(host.startsWith("[") ? "::" : "0.0.0.0", port)
                .forwardAllow(List.of(ForwardRule.of(host + ":" + port)))
                .build()
                .start();
    }
}
