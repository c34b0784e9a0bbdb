package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy does not forward it answers itself, and the upstream hears nothing of it. */
final class RefusalIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private void expectRefusal(String request, int status, String code) throws IOException {
        RawResponse response = proxy.connect().send(request).readResponse();

        assertProxyError(response, status, code);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    static Stream<Named<String>> badRequests() {
        String post = "POST / HTTP/1.1\r\nHost: x\r\n";
        return Stream.of(
                Named.of(
                        "length and chunked",
                        post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Named.of("two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
                Named.of("list of lengths", post + "Content-Length: 3, 4\r\n\r\nabc"),
                Named.of("negative length", post + "Content-Length: -1\r\n\r\n"),
                Named.of("length with a sign", post + "Content-Length: +3\r\n\r\nabc"),
                Named.of("space before colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                Named.of("unknown coding last", post + "Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n"),
                Named.of("chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                Named.of("folded field", "GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n 2\r\n\r\n"),
                Named.of("bare line feed in the head", "GET / HTTP/1.1\r\nHost: x\nA: 1\r\n\r\n"),
                Named.of("null in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: 1\u00002\r\n\r\n"),
                Named.of("no host", "GET / HTTP/1.1\r\nA: 1\r\n\r\n"),
                Named.of("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
                Named.of("space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
                Named.of("target above the root", "GET /.. HTTP/1.1\r\nHost: x\r\n\r\n"),
                Named.of("target above the root, escaped", "GET /%2e%2e/x HTTP/1.1\r\nHost: x\r\n\r\n"),
                Named.of("null in the target, escaped", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n"),
                Named.of("broken escape in the target", "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
                Named.of(
                        "beginning of a TLS handshake",
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
                Named.of("garbage", "\u0001\u0002\u0003 garbage\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void answers400ToWhatCanBeReadInTwoWays(String request) throws IOException {
        expectRefusal(request, 400, "bad_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /\r\n\r\n", "GET / HTTP/1.9\r\nHost: x\r\n\r\n", "GET / HTTP/3.0\r\nHost: x\r\n\r\n"})
    void blamesTheClientForVersionsItDoesNotKnow(String request) throws IOException {
        RawResponse response = proxy.connect().send(request).readResponse();

        assertProxyError(response, 505, "http_version_not_supported");
    }

    @Test
    void closesOnTlsWhereItSpeaksPlainHttp() {
        SSLContext client = TestCertificates.get().trustingClient();

        assertThatThrownBy(() -> RawClient.connect(proxy.proxy().address(), client))
                .isInstanceOf(SSLException.class);

        proxy.expectEnd(Outcome.REFUSED);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void tellsListenersOfRequestsThatCannotBeParsed() throws IOException {
        proxy.connect().send("\u0001 garbage\r\n\r\n").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.REFUSED);
        assertThat(end.exchange().method()).isEqualTo("-");
        assertThat(end.status()).contains(400);
        assertThat(end.errorCode()).contains("bad_request");
    }

    @Test
    void tellsListenersOfWhatItRefuses() throws IOException {
        proxy.connect()
                .send("GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
                .readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.REFUSED);
        assertThat(end.status()).contains(403);
        assertThat(end.errorCode()).contains("forward_not_allowed");
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void closesTheConnectionAfterA400(String request) throws IOException {
        RawClient client = proxy.connect().send(request + proxy.getRequest("/smuggled"));

        client.readResponse();

        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    /** A body may turn out to be broken when its head is with the upstream already; it must not end there politely. */
    @Test
    void cutsTheUploadWhenItsChunksBreak() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect()
                .send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                .sendChunk("good");
        RecordedRequest request = proxy.upstream().takeRequest().awaitBody(4);
        client.send("zz\r\nbad\r\n");

        request.connection().awaitEnd(Eventually.PATIENCE);
        assertThat(request.isComplete()).isFalse();
        assertProxyError(client.readResponse(), 400, "bad_request");
        proxy.expectEnd(Outcome.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "1;LONG\r\na\r\n0\r\n\r\n", "1\r\na\r\n0\r\nA: LONG\r\n\r\n"})
    void answers400ToChunksThatComeWithTheirHead(String chunks) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());

        RawClient client = proxy.connect()
                .send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks.replace("LONG", "x".repeat(200_000)));

        assertProxyError(client.readResponse(), 400, "bad_request");
        proxy.expectEnd(Outcome.REFUSED);
    }

    @Test
    void answers431ToAHeadThatIsTooLarge() throws IOException {
        proxy.with(builder -> builder.maxHeaderBytes(4096));

        expectRefusal(
                "GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + "x".repeat(10_000) + "\r\n\r\n", 431, "header_too_large");
    }

    @Test
    void takesAHeadOfTheSizeAllowed() throws IOException {
        String value = "x".repeat(60_000);
        proxy.upstream().enqueue(Answers.ok());

        RawResponse response = proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + value + "\r\n\r\n")
                .readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().value("X-Big")).contains(value);
    }

    @Test
    void answers403ToTargetsElsewhere() throws IOException {
        try (ScriptedUpstream elsewhere = ScriptedUpstream.plain()) {
            String authority = elsewhere.authority();

            expectRefusal(
                    "GET http://" + authority + "/ HTTP/1.1\r\nHost: " + authority + "\r\n\r\n",
                    403,
                    "forward_not_allowed");
            assertThat(elsewhere.connections()).isEmpty();
        }
    }

    @Test
    void answers403ToTunnelsElsewhere() throws IOException {
        try (ScriptedUpstream elsewhere = ScriptedUpstream.plain()) {
            String authority = elsewhere.authority();

            expectRefusal(
                    "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n",
                    403,
                    "forward_not_allowed");
            assertThat(elsewhere.connections()).isEmpty();
        }
    }

    @Test
    void answers503AboveTheLimitOfStreams() throws IOException {
        proxy.with(builder -> builder.maxStreams(2));
        Gate gate = Gate.named("rest of the streams");
        proxy.upstream().answer(request -> Answers.gatedEvents(1, gate));
        RawClient first = proxy.get("/1");
        RawClient second = proxy.get("/2");
        first.readHead();
        second.readHead();

        RawResponse refusal = proxy.get("/3").readResponse();
        gate.openForGood();
        first.readChunk();
        first.readRaw("0\r\n\r\n".length());

        assertProxyError(refusal, 503, "too_many_streams");
        assertThat(refusal.head().value("Retry-After")).isPresent();
        // An exchange has its place until a little after its end was told.
        Eventually.await("the places to be free", () -> proxy.proxy().inFlight().isEmpty());
        assertThat(proxy.get("/4").readHead().status()).isEqualTo(200);
    }

    @Test
    void closesAConnectionWhoseHeadTakesTooLong() throws IOException {
        proxy.with(builder -> builder.headerTimeout(Duration.ofMillis(300)));

        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\nHos");

        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertThat(proxy.upstream().connections()).isEmpty();
    }
}
