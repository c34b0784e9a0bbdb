package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT reaches what is allowed, loses nothing on the way into the tunnel, and tells why there is none. */
@Timeout(60)
final class ConnectIT {
    private static final Duration PROMPT = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private RawServer server;

    @BeforeEach
    void listen() throws IOException {
        server = RawServer.open();
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(server.authority()))));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private String connectRequest() {
        return "CONNECT " + server.authority() + " HTTP/1.1\r\nHost: " + server.authority() + "\r\n\r\n";
    }

    private RawClient tunnel() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());
        assertThat(client.readHead().status()).isEqualTo(200);
        return client;
    }

    private static void expectWire(RawClient one, RawClient other) throws IOException {
        one.send("to and");
        assertThat(other.readRaw(6)).isEqualTo("to and");
        other.send("\u0000\u00ff fro");
        assertThat(one.readRaw(6)).isEqualTo("\u0000\u00ff fro");
    }

    private void expectEndOf(RawClient peer, Ending ending) throws IOException {
        long begin = System.nanoTime();
        assertThat(peer.readToEnd()).isEqualTo(ending);
        assertPrompt(begin, PROMPT);
    }

    @Test
    void answersWithTheStatusLineAlone() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());

        assertThat(client.readHead().text()).isEqualTo("HTTP/1.1 200 Connection Established\r\n\r\n");
    }

    @Test
    void letsBytesThroughBothWays() throws IOException {
        RawClient client = tunnel();

        expectWire(client, server.accept());
    }

    @Test
    void answersHttp10ClientsWithoutHost() throws IOException {
        RawClient client = proxy.connect().send("CONNECT " + server.authority() + " HTTP/1.0\r\n\r\n");

        assertThat(client.readHead().status()).isEqualTo(200);
        expectWire(client, server.accept());
    }

    @Test
    void reachesTheTargetWithoutARule() throws IOException {
        String authority = proxy.upstream().authority();
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("CONNECT " + authority + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(200);

        assertThat(client.send("GET /inside HTTP/1.1\r\nhOst: mine\r\n\r\n")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().text())
                .isEqualTo("GET /inside HTTP/1.1\r\nhOst: mine\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 40_000})
    void losesNoByteThatFollowsTheRequestAtOnce(int length) throws IOException {
        String early = "e".repeat(length);

        RawClient client = proxy.connect().send(connectRequest() + early);
        assertThat(client.readHead().status()).isEqualTo(200);

        RawClient upstream = server.accept();
        assertThat(upstream.readRaw(length)).isEqualTo(early);
        expectWire(client, upstream);
    }

    @Test
    void losesNoByteThatTheUpstreamSendsFirst() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());

        server.accept().send("220 hello").fin();

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readRaw(9)).isEqualTo("220 hello");
    }

    @Test
    void answers502WhenNobodyListens() throws IOException {
        server.close();

        RawClient client = proxy.connect().send(connectRequest() + "early");

        assertProxyError(client.readResponse(), 502, "upstream_connect_refused");
        expectEndOf(client, Ending.FIN);
        proxy.expectEnd(Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheNameIsUnknown() throws IOException {
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of("nowhere.invalid"))));

        RawClient client = proxy.connect().send("CONNECT nowhere.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProxyError(client.readResponse(), 502, "upstream_unknown_host");
    }

    @Test
    void answers504WhenNoConnectionComesAbout() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            URI uri = hole.uri();
            proxy.with(builder ->
                    builder.connectTimeout(PROMPT).forwardAllow(List.of(ForwardRule.of(uri.getAuthority()))));

            RawClient client = proxy.connect().send("CONNECT " + uri.getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n");

            assertProxyError(client.readResponse(), 504, "upstream_connect_timeout");
            proxy.expectEnd(Outcome.TIMED_OUT);
        }
    }

    @Test
    void seesAClientLeaveThatWaitsForTheConnection() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            URI uri = hole.uri();
            proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(uri.getAuthority()))));

            proxy.connect()
                    .send("CONNECT " + uri.getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .fin();

            proxy.expectEnd(Outcome.CLIENT_GONE);
        }
    }

    @Test
    void answers400ToAConnectWithABody() throws IOException {
        RawClient client = proxy.connect()
                .send("CONNECT " + server.authority() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");

        assertProxyError(client.readResponse(), 400, "bad_request");
    }

    /** What follows may be meant for a tunnel that there is not; to be taken for requests is what an attacker would want. */
    @Test
    void readsNothingBehindAConnectThatItRefused() throws IOException {
        RawClient client = proxy.connect()
                .send("CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n" + proxy.getRequest("/smuggled"));

        RawResponse response = client.readResponse();

        assertProxyError(response, 403, "forward_not_allowed");
        assertThat(response.head().value("Connection")).contains("close");
        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void tellsListenersOfATunnelAsOfAnyExchange() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();
        assertThat(proxy.proxy().inFlight()).hasSize(1);
        client.send("12345");
        upstream.readRaw(5);
        upstream.send("123");
        client.readRaw(3);
        client.fin();
        upstream.fin();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);

        assertThat(end.exchange().method()).isEqualTo("CONNECT");
        assertThat(end.exchange().path()).isEqualTo(server.authority());
        assertThat(end.requestBytes()).isEqualTo(5);
        assertThat(end.responseBytes()).isEqualTo(3);
        assertThat(proxy.listener().events())
                .containsExactly("1 request", "1 response 200", "1 first byte", "1 end COMPLETED");
        Eventually.await(
                "nothing to be in flight", () -> proxy.proxy().inFlight().isEmpty());
    }

    @Test
    void countsTunnelsAmongTheStreamsThatAreLimited() throws IOException {
        proxy.with(builder -> builder.maxStreams(1));
        RawClient first = tunnel();
        RawClient upstream = server.accept();

        assertProxyError(proxy.connect().send(connectRequest()).readResponse(), 503, "too_many_streams");
        first.reset();
        proxy.listener().awaitEnd(2);

        expectEndOf(upstream, Ending.RST);
        Eventually.await(
                "nothing to be in flight", () -> proxy.proxy().inFlight().isEmpty());
        expectWire(tunnel(), server.accept());
    }
}
