package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CONNECT on a stream of HTTP/2 is what it is on a connection of HTTP/1.1, and leaves the other streams alone. */
@Timeout(60)
final class Http2TunnelIT {
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final int MUCH = 3_000_000;

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

    private FrameClient.Exchange tunnel(FrameClient client) throws Exception {
        FrameClient.Exchange tunnel = client.connectTo(server.authority());
        assertThat(tunnel.next()).isEqualTo("200");
        return tunnel;
    }

    @Test
    void letsBytesThroughBothWaysBesideOtherStreams() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);
            assertThat(tunnel.head().getHttpFields()).isEmpty();
            RawClient upstream = server.accept();
            tunnel.send("to and", false);
            assertThat(upstream.readRaw(6)).isEqualTo("to and");
            upstream.send("\u0000\u00ff fro");
            assertThat(tunnel.readData(6)).isEqualTo("\u0000\u00ff fro");

            assertThat(client.ask("GET", "/", true).readAll()).isEqualTo("{\"ok\":true}|end");
        }
    }

    @Test
    void passesTheEndOfEachDirectionOn() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);
            RawClient upstream = server.accept();

            tunnel.send("last words", true);
            assertThat(upstream.readRaw(10)).isEqualTo("last words");
            assertThat(upstream.readToEnd()).isEqualTo(Ending.FIN);
            upstream.send("after").fin();

            assertThat(tunnel.readData(5)).isEqualTo("after");
            tunnel.read();
            assertThat(tunnel.next()).isEqualTo("end");
        }
        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.exchange().path()).isEqualTo(server.authority());
        assertThat(end.requestBytes()).isEqualTo(10);
        assertThat(end.responseBytes()).isEqualTo(5);
    }

    @Test
    void passesTheEndOfTheUpstreamOnAndCarriesOnTheOtherWay() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);
            RawClient upstream = server.accept();

            upstream.halfClose();
            tunnel.read();
            assertThat(tunnel.next()).isEqualTo("end");
            tunnel.send("still here", true);

            assertThat(upstream.readRaw(10)).isEqualTo("still here");
            assertThat(upstream.readToEnd()).isEqualTo(Ending.FIN);
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void carriesMuchBothWaysWithoutLoss() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);
            RawClient upstream = server.accept();
            String much = "0123456789".repeat(MUCH / 10);
            Background.run(() -> upstream.send(upstream.readRaw(MUCH)));

            tunnel.send(much, false);

            assertThat(tunnel.readData(MUCH)).isEqualTo(much);
        }
    }

    @Test
    void resetsTheUpstreamWhenTheStreamIsCancelled() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);
            RawClient upstream = server.accept();
            long begin = System.nanoTime();

            tunnel.cancel();

            assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
            assertPrompt(begin, PROMPT);
        }
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void resetsTheUpstreamWhenTheConnectionIsLost() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            tunnel(client);
            RawClient upstream = server.accept();

            client.drop();

            assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
        }
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void resetsTheStreamWhenTheUpstreamIsReset() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange tunnel = tunnel(client);

            server.accept().reset();

            tunnel.read();
            assertThat(tunnel.next()).isEqualTo("reset HTTP_CONNECT_ERROR");
        }
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void refusesWhatIsNotAllowedAndKeepsTheConnection() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange refused = client.connectTo("a.example:443");
            assertThat(refused.readAll())
                    .contains("\"code\":\"forward_not_allowed\"")
                    .endsWith("|end");
            assertThat(refused.head().getStatus()).isEqualTo(403);
            FrameClient.Exchange malformed = client.connectTo("a.example");
            assertThat(malformed.readAll()).contains("\"code\":\"bad_request\"");

            assertThat(client.ask("GET", "/", true).readAll()).isEqualTo("{\"ok\":true}|end");
        }
    }

    @Test
    void asksForATokenFirst() throws Exception {
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", "token-of-ann-0123456789")));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange refused = client.connectTo(server.authority());

            assertThat(refused.readAll()).contains("\"code\":\"proxy_token_required\"");
            assertThat(refused.head().getStatus()).isEqualTo(407);
        }
    }

    @Test
    void answers502WhenNobodyListens() throws Exception {
        server.close();

        try (FrameClient client = FrameClient.connect(proxy)) {
            assertThat(client.connectTo(server.authority()).readAll())
                    .contains("\"code\":\"upstream_connect_refused\"");
        }
        proxy.expectEnd(Outcome.UPSTREAM_FAILED);
    }

    /** RFC 8441, by which WebSocket would be asked for, is not offered. */
    @Test
    void resetsAStreamThatAsksForAnotherProtocol() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            HostPortHttpField host = new HostPortHttpField(server.authority());
            FrameClient.Exchange exchange =
                    client.ask(new MetaData.ConnectRequest("http", host, "/", HttpFields.EMPTY, "websocket"), false);

            assertThat(exchange.readAll()).isEqualTo("|reset PROTOCOL_ERROR");
        }
    }
}
