package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.aiproxy.OriginField;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestHeadTest {

    private static final Target TARGET = Target.of(URI.create("https://ai.example:443"));

    private static String forwarded(String wire, boolean isUpgrade) {
        ParsedHead parsed = ParsedHead.of(wire);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        RawHead raw = RawHead.of(bytes, 0, bytes.length, parsed.fields());
        return forwarded(parsed, raw, isUpgrade);
    }

    private static String forwarded(ParsedHead parsed, RawHead raw, boolean isUpgrade) {
        return forwarded(parsed, raw, Credentials.UNTOUCHED, OriginField.KEEP, isUpgrade);
    }

    private static String forwarded(ParsedHead parsed, Credentials credentials, OriginField origin) {
        return forwarded(parsed, null, credentials, origin, false);
    }

    private static String forwarded(
            ParsedHead parsed, RawHead raw, Credentials credentials, OriginField origin, boolean isUpgrade) {
        HeadWriter head = RequestHead.of(
                HeadOnlyRequest.of(parsed), raw, TARGET, credentials, origin, null, null, false, isUpgrade);
        return new String(head.toBytes(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP, 'Origin: http://localhost:3000\r\n'",
        "DROP, ''",
        "TARGET, 'Origin: https://ai.example\r\n'",
    })
    void keepsDropsOrReplacesTheOrigin(OriginField origin, String line) {
        ParsedHead parsed = ParsedHead.of("GET / HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\nA: b\r\n\r\n");

        String head = forwarded(parsed, Credentials.UNTOUCHED, origin);

        assertThat(head).isEqualTo("GET / HTTP/1.1\r\nHost: ai.example\r\n" + line + "A: b\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'A: b\r\nTraceParent:  00-a-b-01\r\nC: d\r\n', 'A: b\r\nTraceParent: 00-a-c-01\r\nC: d\r\n'",
        "'A: b\r\nC: d\r\n', 'A: b\r\nC: d\r\ntraceparent: 00-a-c-01\r\n'",
        "'traceparent: 1\r\nA: b\r\nTraceparent: 2\r\n', 'traceparent: 00-a-c-01\r\nA: b\r\n'",
        "'tracestate:  x=1\r\nA: b\r\n', 'tracestate:  x=1\r\nA: b\r\ntraceparent: 00-a-c-01\r\n'"
    })
    void putsTheChosenTraceparentWhereTheClientsWas(String fields, String forwarded) {
        String wire = "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
        ParsedHead parsed = ParsedHead.of(wire);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);

        HeadWriter head = RequestHead.of(
                HeadOnlyRequest.of(parsed),
                RawHead.of(bytes, 0, bytes.length, parsed.fields()),
                TARGET,
                Credentials.UNTOUCHED,
                OriginField.KEEP,
                "00-a-c-01",
                null,
                false,
                false);

        assertThat(new String(head.toBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET / HTTP/1.1\r\nHost: ai.example\r\n" + forwarded + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /a%2F//?b, GET http://ai.example:81/a%2F//?b",
        "GET http://x/?, GET http://ai.example:81/?",
        "OPTIONS *, OPTIONS http://ai.example:81"
    })
    void writesTheWholeTargetAndTheLoginForAnUpstreamProxy(String requestLine, String written) {
        ProxyConfig.UpstreamProxy settings = new ProxyConfig.UpstreamProxy(
                ProxyConfig.UpstreamProxy.Protocol.HTTP,
                "proxy.example",
                3128,
                Optional.of(new ProxyConfig.ProxyLogin("me", "pw")),
                List.of());
        ProxyTransport proxy = new ProxyTransport(settings, false, new Server(), null, Duration.ZERO);
        ParsedHead parsed = ParsedHead.of(requestLine + " HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n");

        HeadWriter head = RequestHead.of(
                HeadOnlyRequest.of(parsed),
                null,
                Target.of(URI.create("http://ai.example:81")),
                Credentials.UNTOUCHED,
                OriginField.KEEP,
                null,
                proxy,
                false,
                false);

        assertThat(new String(head.toBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(written + " HTTP/1.1\r\nHost: ai.example:81\r\nA: b\r\n"
                        + "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n");
    }

    @Test
    void endsTheTokenThatOpenedTheDoorAndLeavesOtherCredentials() {
        ParsedHead parsed = ParsedHead.of(
                "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk\r\nx-api-key: token\r\nA: b\r\n\r\n");

        String head = forwarded(
                parsed, new Credentials(parsed.fields().getField("x-api-key"), Optional.empty()), OriginField.KEEP);

        assertThat(head).isEqualTo("GET / HTTP/1.1\r\nHost: ai.example\r\nAuthorization: Bearer sk\r\nA: b\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'authorization: Bearer mine\r\nx-api-key: mine\r\nA: b\r\n', 'x-api-key: real\r\nA: b\r\n'",
        "'A: b\r\nX-Goog-Api-Key: mine\r\nC: d\r\n', 'A: b\r\nx-api-key: real\r\nC: d\r\n'",
        "'A: b\r\n', 'A: b\r\nx-api-key: real\r\n'"
    })
    void putsItsOwnKeyWhereTheClientsWas(String fields, String forwarded) {
        ParsedHead parsed = ParsedHead.of("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
        ProxyConfig.TargetKey key = new ProxyConfig.TargetKey("x-api-key", "real");

        String head = forwarded(parsed, new Credentials(null, Optional.of(key)), OriginField.KEEP);

        assertThat(head).isEqualTo("GET / HTTP/1.1\r\nHost: ai.example\r\n" + forwarded + "\r\n");
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                argumentSet(
                        "Host becomes the target's, where and how it was spelt",
                        "GET / HTTP/1.1\r\nA: 1\r\nhOsT: proxy:8080\r\nB: 2\r\n\r\n",
                        "GET / HTTP/1.1\r\nA: 1\r\nhOsT: ai.example\r\nB: 2\r\n\r\n"),
                argumentSet(
                        "case, order, duplicates and white space stay",
                        "POST /v1 HTTP/1.1\r\nHost: x\r\ncontent-TYPE:a/b\r\nX-A:  1 \r\nx-a: 2\r\nAccept: */*\r\n\r\n",
                        "POST /v1 HTTP/1.1\r\nHost: ai.example\r\ncontent-TYPE:a/b\r\nX-A:  1 \r\nx-a: 2\r\n"
                                + "Accept: */*\r\n\r\n"),
                argumentSet(
                        "fields of one connection end, and those that Connection names",
                        "GET / HTTP/1.1\r\nHost: x\r\nConnection: X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nB: 2\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: ai.example\r\nB: 2\r\n\r\n"),
                argumentSet(
                        "HTTP/1.0 without Host becomes HTTP/1.1 with one",
                        "GET /x HTTP/1.0\r\nA: 1\r\n\r\n",
                        "GET /x HTTP/1.1\r\nHost: ai.example\r\nA: 1\r\n\r\n"),
                argumentSet(
                        "absolute-form becomes origin-form",
                        "GET http://ai.example/a%2Fb?c HTTP/1.1\r\nHost: ai.example\r\n\r\n",
                        "GET /a%2Fb?c HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "a target of odd bytes stays",
                        "GET /{|}?\u00c3\u00a9 HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET /{|}?\u00c3\u00a9 HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "an asterisk stays",
                        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "OPTIONS of an absolute-form without path is for the whole server",
                        "OPTIONS http://ai.example HTTP/1.1\r\nHost: ai.example\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "OPTIONS of an absolute-form with a path is for that",
                        "OPTIONS http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n\r\n",
                        "OPTIONS / HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "GET of an absolute-form without path is for the root",
                        "GET http://ai.example HTTP/1.1\r\nHost: ai.example\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "any method stays",
                        "PropFind /x HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PropFind /x HTTP/1.1\r\nHost: ai.example\r\n\r\n"),
                argumentSet(
                        "Upgrade ends, so the upstream sees a plain request",
                        "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                        "GET /ws HTTP/1.1\r\nHost: ai.example\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void forwardsWhatCame(String wire, String expected) {
        assertThat(forwarded(wire, false)).isEqualTo(expected);
    }

    static Stream<Arguments> upgrades() {
        return Stream.of(
                argumentSet(
                        "as it was spelt",
                        "GET /ws HTTP/1.1\r\nHost: x\r\nupgrade:  WebSocket\r\nCONNECTION: keep-alive, upgrade\r\n\r\n",
                        "GET /ws HTTP/1.1\r\nHost: ai.example\r\nupgrade:  WebSocket\r\n"
                                + "CONNECTION: keep-alive, upgrade\r\n\r\n"),
                argumentSet(
                        "less the fields that Connection names besides",
                        "GET /ws HTTP/1.1\r\nHost: x\r\nX-Mine: 1\r\nConnection: X-Mine, Upgrade\r\nUpgrade: a/1\r\n\r\n",
                        "GET /ws HTTP/1.1\r\nHost: ai.example\r\nConnection: Upgrade\r\nUpgrade: a/1\r\n\r\n"),
                argumentSet(
                        "less a Connection that is not about it",
                        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n",
                        "GET /ws HTTP/1.1\r\nHost: ai.example\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void forwardsTheWishForAnotherProtocol(String wire, String expected) {
        assertThat(forwarded(wire, true)).isEqualTo(expected);
    }

    @Test
    void writesWhatJettyParsedWhenTheBytesAreNotKnown() {
        ParsedHead parsed = ParsedHead.of("GET /a%2Fb?c HTTP/1.1\r\nhost: x\r\nX-Odd:  1 \r\nX-None:\r\n\r\n");

        assertThat(forwarded(parsed, null, false))
                .isEqualTo("GET /a%2Fb?c HTTP/1.1\r\nHost: ai.example\r\nX-Odd: 1\r\nX-None: \r\n\r\n");
    }
}
