package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request for another protocol goes on as it is, and if the upstream agrees, both ends have a wire from then on. */
@Timeout(60)
final class UpgradeIT {
    private static final int TUNNELS = 20;
    private static final String FIELDS = "uPgrade:  WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "sec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: realtime,  secret.sk-1\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Web Socket Protocol Handshake\r\nupgrade: WebSocket\r\n"
            + "CONNECTION:Upgrade\r\nX-Odd:  1 \r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private RawServer server;

    @BeforeEach
    void listen() throws IOException {
        server = RawServer.open();
        proxy.target(URI.create("http://" + server.authority()));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static String request(String fields) {
        return "GET /v1/realtime?model=a HTTP/1.1\r\nHost: client.example\r\n" + fields + "\r\n";
    }

    /** Two ends that have changed to the other protocol. */
    private RawClient[] upgraded() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS));
        RawClient upstream = server.accept();
        upstream.readHead();
        upstream.send(SWITCH);
        assertThat(client.readHead().status()).isEqualTo(101);
        return new RawClient[] {client, upstream};
    }

    private static void expectWire(RawClient one, RawClient other) throws IOException {
        one.send("\u0081\u0085to\r\n\r\n");
        assertThat(other.readRaw(8)).isEqualTo("\u0081\u0085to\r\n\r\n");
        other.send("\u0000\u00ff fro");
        assertThat(one.readRaw(6)).isEqualTo("\u0000\u00ff fro");
    }

    @Test
    void forwardsTheHandshakeAsItIs() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS));
        RawClient upstream = server.accept();

        assertThat(upstream.readHead().text())
                .isEqualTo(
                        "GET /v1/realtime?model=a HTTP/1.1\r\nHost: " + server.authority() + "\r\n" + FIELDS + "\r\n");
        upstream.send(SWITCH);
        assertThat(client.readHead().text()).isEqualTo(SWITCH);
        expectWire(client, upstream);
    }

    @Test
    void keepsWhatComesInOnePacketWithTheHeads() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS) + "client first");
        RawClient upstream = server.accept();
        upstream.readHead();

        upstream.send(SWITCH + "server first");

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(client.readRaw(12)).isEqualTo("server first");
        assertThat(upstream.readRaw(12)).isEqualTo("client first");
        expectWire(client, upstream);
    }

    /** What the client sends meanwhile is looked at to see whether it has left. */
    @Test
    void keepsWhatTheClientSendsWhileTheUpstreamThinks() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS));
        RawClient upstream = server.accept();
        upstream.readHead();
        assertThat(upstream.isQuiet(Duration.ofMillis(300))).isTrue();
        client.send("client first");
        assertThat(upstream.isQuiet(Duration.ofMillis(300))).isTrue();

        upstream.send(SWITCH);

        assertThat(upstream.readRaw(12)).isEqualTo("client first");
        assertThat(client.readHead().status()).isEqualTo(101);
        expectWire(client, upstream);
    }

    @Test
    void upgradesOnAConnectionThatHasServedBefore() throws IOException {
        RawClient client = proxy.connect().send(proxy.getRequest("/before"));
        RawClient upstream = server.accept();
        upstream.readHead();
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        client.readResponse();
        proxy.awaitFreeConnections();

        client.send(request(FIELDS));

        upstream.readHead();
        upstream.send(SWITCH);
        assertThat(client.readHead().status()).isEqualTo(101);
        expectWire(client, upstream);
    }

    @Test
    void upgradesARequestWithABody() throws IOException {
        RawClient client = proxy.connect()
                .send(
                        "POST /exec HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n{}"
                                + "first");
        RawClient upstream = server.accept();
        upstream.readHead();
        assertThat(upstream.readRaw(2)).isEqualTo("{}");

        upstream.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(upstream.readRaw(5)).isEqualTo("first");
        expectWire(client, upstream);
    }

    @Test
    void upgradesAtAHostThatIsAllowed() throws IOException {
        proxy.target(proxy.upstream().uri())
                .with(builder -> builder.forwardAllow(List.of(ForwardRule.of(server.authority()))));
        RawClient client = proxy.connect()
                .send("GET http://" + server.authority() + "/ws HTTP/1.1\r\nHost: x\r\n" + FIELDS + "\r\n");
        RawClient upstream = server.accept();

        assertThat(upstream.readHead().text())
                .isEqualTo("GET /ws HTTP/1.1\r\nHost: " + server.authority() + "\r\n" + FIELDS + "\r\n");
        upstream.send(SWITCH);
        assertThat(client.readHead().status()).isEqualTo(101);
        expectWire(client, upstream);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 426, 429, 503})
    void passesARefusalOnAsAnyResponse(int status) throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS));
        RawClient upstream = server.accept();
        upstream.readHead();

        upstream.send("HTTP/1.1 " + status + " No\r\nX-Why: because\r\nContent-Length: 3\r\n\r\nwhy");

        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.head().value("X-Why")).contains("because");
        assertThat(response.text()).isEqualTo("why");
        proxy.awaitFreeConnections();
        client.send(proxy.getRequest("/next"));
        assertThat(upstream.readHead().startLine()).isEqualTo("GET /next HTTP/1.1");
    }

    @Test
    void servesARequestThatFollowsOneWhoseUpgradeIsRefused() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS) + proxy.getRequest("/next"));
        RawClient upstream = server.accept();
        upstream.readHead();

        upstream.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(403);
        // Which may come before its connection is free for the next.
        assertThat(server.nextOf(upstream).readHead().startLine()).isEqualTo("GET /next HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({"h2c, 'Upgrade, HTTP2-Settings'", "H2C, Upgrade", "'websocket, h2c', Upgrade"})
    void forwardsNoWishForHttp2(String protocol, String connection) throws IOException {
        proxy.connect()
                .send(request("Upgrade: " + protocol + "\r\nConnection: " + connection
                        + "\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nA: b\r\n"));

        MessageHead head = server.accept().readHead();

        assertThat(head.values("Upgrade")).isEmpty();
        assertThat(head.values("Connection")).isEmpty();
        assertThat(head.values("A")).containsExactly("b");
    }

    @Test
    void forwardsNoUpgradeOfHttp10() throws IOException {
        proxy.connect().send("GET / HTTP/1.0\r\nHost: x\r\n" + FIELDS + "\r\n");

        assertThat(server.accept().readHead().values("Upgrade")).isEmpty();
    }

    @Test
    void takesASwitchThatNobodyAskedForAsNoAnswer() throws IOException {
        RawClient client = proxy.connect().send(proxy.getRequest("/"));
        RawClient upstream = server.accept();
        upstream.readHead();

        upstream.send(SWITCH);

        assertProxyError(client.readResponse(), 502, "upstream_bad_response");
    }

    @Test
    void closesBothWays() throws IOException {
        RawClient[] ends = upgraded();

        ends[0].send("bye").halfClose();
        assertThat(ends[1].readRaw(3)).isEqualTo("bye");
        assertThat(ends[1].readToEnd()).isEqualTo(Ending.FIN);
        ends[1].send("bye, too").fin();

        assertThat(ends[0].readRaw(8)).isEqualTo("bye, too");
        assertThat(ends[0].readToEnd()).isEqualTo(Ending.FIN);
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void passesResetsOnBothWays() throws IOException {
        RawClient[] first = upgraded();
        RawClient[] second = upgraded();

        first[0].reset();
        second[1].reset();

        assertThat(first[1].readToEnd()).isEqualTo(Ending.RST);
        assertThat(second[0].readToEnd()).isEqualTo(Ending.RST);
    }

    @Test
    void tellsListenersOfTheSwitch() throws IOException {
        RawClient[] ends = upgraded();
        expectWire(ends[0], ends[1]);
        ends[0].fin();
        ends[1].fin();

        assertThat(proxy.expectEnd(Outcome.COMPLETED))
                .hasFieldOrPropertyWithValue("requestBytes", 8L)
                .hasFieldOrPropertyWithValue("responseBytes", 6L);
        assertThat(proxy.listener().events())
                .containsExactly("1 request", "1 response 101", "1 first byte", "1 end COMPLETED");
    }

    @Test
    void livesThroughSilencesThatEndOtherConnections() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(Duration.ofMillis(200)));
        RawClient[] ends = upgraded();

        assertThat(ends[0].isQuiet(Duration.ofSeconds(1))).isTrue();

        expectWire(ends[0], ends[1]);
    }

    @Test
    void endsAfterASilenceOfTheStreamIdleTimeout() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(Duration.ofMillis(300)));
        RawClient[] ends = upgraded();

        assertThat(ends[0].readToEnd()).isEqualTo(Ending.RST);
        assertThat(ends[1].readToEnd()).isEqualTo(Ending.RST);
        proxy.expectEnd(Outcome.TIMED_OUT);
    }

    @Test
    void carriesTwentyAtOnce() throws IOException {
        List<RawClient[]> all = new ArrayList<>();
        for (int number = 0; number < TUNNELS; number++) {
            all.add(upgraded());
        }

        for (RawClient[] ends : all) {
            expectWire(ends[0], ends[1]);
        }
    }

    @Test
    void seesAClientLeaveThatWaitsForTheSwitch() throws IOException {
        RawClient client = proxy.connect().send(request(FIELDS));
        RawClient upstream = server.accept();
        upstream.readHead();

        client.fin();

        assertThat(upstream.readToEnd()).isIn(Ending.FIN, Ending.RST);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    private RawClient upgradedUnderTls(Step... afterwards) throws IOException {
        TestCertificates certificates = TestCertificates.get();
        proxy.with(builder -> builder.targetCa(List.of(certificates.authority())));
        proxy.to(ScriptedUpstream.tls(certificates.localhost()));
        proxy.target(proxy.upstream().uri());
        proxy.upstream().enqueue(Script.of(Step.send(SWITCH)).then(afterwards));
        RawClient client = proxy.connect().send(request(FIELDS));
        assertThat(client.readHead().status()).isEqualTo(101);
        return client;
    }

    @Test
    void passesTheEndOfAnUpstreamUnderTlsOn() throws IOException {
        RawClient client = upgradedUnderTls(Step.send("bye"), new Step.Fin());

        assertThat(client.readRaw(3)).isEqualTo("bye");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void hearsAnUpstreamUnderTlsThatSpeaksAfterTheClientHasFinished() throws IOException {
        RawClient client =
                upgradedUnderTls(new Step.ExpectClosed(Eventually.PATIENCE), Step.send("answer"), new Step.Fin());

        client.halfClose();

        assertThat(client.readRaw(6)).isEqualTo("answer");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void passesAResetBelowTlsOn() throws IOException {
        Gate gate = Gate.named("reset");
        RawClient client = upgradedUnderTls(Step.send("half"), Step.await(gate), new Step.Reset());

        assertThat(client.readRaw(4)).isEqualTo("half");
        gate.open();
        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void upgradesUnderTls() throws IOException {
        TestCertificates certificates = TestCertificates.get();
        proxy.with(builder -> builder.targetCa(List.of(certificates.authority())));
        proxy.to(ScriptedUpstream.tls(certificates.localhost()));
        proxy.target(proxy.upstream().uri());
        proxy.upstream().enqueue(Script.of(Step.send(SWITCH + "server first"), new Step.Never()));

        RawClient client = proxy.connect().send(request(FIELDS) + "client first");

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(client.readRaw(12)).isEqualTo("server first");
        RecordedConnection connection = proxy.upstream().takeRequest().connection();
        Eventually.await("the client's bytes", () -> connection.rawText().endsWith("client first"));
        long leftAtNanos = Leaving.RST.from(client);
        assertPromptEnd(connection, leftAtNanos, Duration.ofMillis(500));
    }
}
