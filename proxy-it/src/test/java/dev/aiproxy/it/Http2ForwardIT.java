package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests in HTTP/2 go, which cannot say whether they are meant for a server or for a proxy. */
final class Http2ForwardIT {
    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final ScriptedUpstream elsewhere = ScriptedUpstream.plain();

    @AfterEach
    void close() {
        elsewhere.close();
        assertThat(elsewhere.failures()).isEmpty();
    }

    private void allow(String... rules) {
        proxy.with(builder ->
                builder.forwardAllow(Arrays.stream(rules).map(ForwardRule::of).toList()));
    }

    private String answerOf(String uri) throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.askFor(uri);
            String answer = exchange.readAll();
            return exchange.head() == null ? answer : exchange.head().getStatus() + " " + answer;
        }
    }

    @Test
    void forwardsToAHostThatARuleNames() throws Exception {
        allow(elsewhere.authority());
        elsewhere.enqueue(Answers.json(200, "elsewhere"));

        assertThat(answerOf(elsewhere.uri() + "/v1/a%2Fb?key=secret")).isEqualTo("200 elsewhere|end");

        assertThat(elsewhere.takeRequest().head().text())
                .isEqualTo("GET /v1/a%2Fb?key=secret HTTP/1.1\r\nHost: " + elsewhere.authority() + "\r\n\r\n");
        assertThat(proxy.upstream().connections()).isEmpty();
        assertThat(proxy.expectEnd(Outcome.COMPLETED).exchange())
                .hasFieldOrPropertyWithValue("path", elsewhere.uri() + "/v1/a%2Fb")
                .hasFieldOrPropertyWithValue("query", "?key=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.example", "client.example:8080", "localhost", "my_proxy:8080"})
    void forwardsToTheTargetWhatNamesAnybodyElse(String authority) throws Exception {
        allow(elsewhere.authority(), "*");
        proxy.upstream().enqueue(Answers.json(200, "target"));

        assertThat(answerOf("http://" + authority + "/")).isEqualTo("200 target|end");

        assertThat(proxy.upstream().takeRequest().head().values("Host"))
                .containsExactly(proxy.upstream().authority());
        assertThat(elsewhere.connections()).isEmpty();
    }

    @Test
    void neverSendsInTheClearWhatWasAskedForUnderTls() throws Exception {
        allow(elsewhere.authority());
        elsewhere.greet(Script.of(Step.send("HTTP/1.1 400 Bad Request\r\n\r\n"), new Step.HalfClose()));

        assertThat(answerOf("https://" + elsewhere.authority() + "/")).matches("502 .*upstream_tls_failed.*");

        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void asksAsAProxyWhoeverTakesItForOne() throws Exception {
        allow(elsewhere.authority());
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", "token-of-ann-0123456789")));

        assertThat(answerOf(elsewhere.uri() + "/")).startsWith("407").contains("\"code\":\"proxy_token_required\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "me@127.0.0.1:%d",
                "127.0.0.1:%d@other.example",
                "%%31%%32%%37.0.0.1:%d",
                "2130706433:%d",
                "0x7f.1:%d",
                "127.1:%d",
                "127.0.0.1.:%d",
                "localhost.:%d",
                "[::ffff:127.0.0.1]:%d",
                "127.0.0.1:99999",
                "127.0.0.1:%d/",
                "127.0.0.1:%d\\@other.example"
            })
    void leadsNowhereElseByAnOddSpelling(String spelling) throws IOException {
        allow("localhost:" + elsewhere.port(), "127.0.0.1:" + elsewhere.port(), "*:" + elsewhere.port());
        proxy.upstream().enqueue(Answers.json(200, "target"));
        String authority = spelling.formatted(elsewhere.port());
        RawFrames client = RawFrames.connect(proxy);

        client.send(RawFrames.head(
                1, RawFrames.END_STREAM, ":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/"));

        assertThat(client.answer(1)).matches("200 target\\|end|400 .*|\\|GOAWAY PROTOCOL_ERROR|\\|closed");
        assertThat(elsewhere.connections()).isEmpty();
    }
}
