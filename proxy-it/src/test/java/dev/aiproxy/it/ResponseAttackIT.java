package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer is whole and beyond doubt, or torn, or an error of the proxy's; and it spoils no other. */
final class ResponseAttackIT {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final String POISON =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\npoisoned";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension().with(builder -> builder.streamIdleTimeout(SOON));

    static Stream<Named<String>> invalid() {
        return ResponseAttacks.invalid();
    }

    static Stream<Named<String>> doubtful() {
        return ResponseAttacks.doubtful();
    }

    static Stream<Named<String>> tooLong() {
        return ResponseAttacks.tooLong();
    }

    private void upstreamSays(Step... steps) {
        Script attack = Script.of(new Step.ReadBody()).then(steps);
        proxy.upstream()
                .answer(request -> request.target().equals("/attack") ? attack : Answers.json(200, "{\"clean\":1}"));
    }

    /** Whatever happened before, the next requests are answered with what is theirs. */
    private void assertNothingIsSpoilt() throws IOException {
        for (int i = 0; i < 3; i++) {
            RawResponse response = proxy.get("/after").readResponse();
            assertThat(response.text()).isEqualTo("{\"clean\":1}");
        }
        assertThat(proxy.upstream().connections().get(0).requests()).hasSizeLessThanOrEqualTo(1);
    }

    private static void assertBeyondDoubt(RawResponse response) {
        MessageHead head = response.head();
        assertThat(head.startLine()).matches("HTTP/1\\.1 [1-9][0-9]{2} [\\t\\x20-\\x7e\\x80-\\xff]*");
        assertThat(head.fieldLines())
                .allMatch(line -> line.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*"));
        assertThat(head.values("Content-Length"))
                .hasSizeLessThanOrEqualTo(1)
                .allMatch(value -> value.matches("[0-9]+"));
        assertThat(head.values("Transfer-Encoding").stream().map(value -> value.toLowerCase(Locale.ROOT)))
                .hasSizeLessThanOrEqualTo(1)
                .allMatch(value -> value.equals("chunked"));
        assertThat(head.values("Content-Length").isEmpty()
                        || head.values("Transfer-Encoding").isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void answers502ToWhatIsNoHttp(String attack) throws IOException {
        upstreamSays(Step.send(attack + POISON));

        RawClient client = proxy.get("/attack");

        RawResponse response = client.readRestOf(client.readHead());

        assertProxyError(response, 502, "upstream_bad_response");
        assertNothingIsSpoilt();
    }

    @ParameterizedTest
    @MethodSource("doubtful")
    void passesOnNoDoubts(String attack) throws IOException {
        upstreamSays(Step.send(attack + POISON), new Step.Fin());

        RawClient client = proxy.get("/attack");
        MessageHead head = client.readHead();
        while (head.status() < 200) {
            assertThat(head.text().replace("\r\n", "")).doesNotContain("\n", "\r");
            head = client.readHead();
        }
        RawResponse response = client.readRestOf(head);

        assertBeyondDoubt(response);
        assertThat(head.fieldLines("Set-Cookie").isEmpty() || attack.contains("\nSet-Cookie"))
                .isTrue();
        assertThat(head.fieldLines()).doesNotContain("A: evil");
        assertNothingIsSpoilt();
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void deliversNothingBehindTheEndOfAnAnswer(String attack) throws IOException {
        upstreamSays(Step.send(attack + POISON));
        RawClient client = proxy.get("/attack");

        RawResponse response = client.readResponse();

        assertBeyondDoubt(response);
        assertThat(response.text()).isEqualTo("abc");
        assertThat(client.isQuiet(SOON) || client.readSome().length == 0).isTrue();
        assertNothingIsSpoilt();
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void throwsAwayAConnectionThatSpeaksUnasked(String attack) throws IOException {
        Gate gate = Gate.named("poison");
        upstreamSays(
                Step.send(attack.replaceAll("(abc|0\r\n\r\n)[a-z\r\n]+$", "$1")), Step.await(gate), Step.send(POISON));
        assertThat(proxy.get("/attack").readResponse().text()).isEqualTo("abc");

        gate.open();

        assertThat(proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE))
                .isNotEqualTo(Ending.OPEN);
        assertNothingIsSpoilt();
    }

    /** Parts of an answer would otherwise wait for the next request, and spoil its answer. */
    @ParameterizedTest
    @ValueSource(strings = {"w", "\r\n", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n", POISON})
    void throwsAwayAnIdleConnectionThatSaysAnything(String unasked) throws IOException {
        Gate gate = Gate.named("what nobody asked for");
        upstreamSays(
                Step.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), Step.await(gate), Step.send(unasked));
        proxy.get("/attack").readResponse();
        proxy.expectEnd(Outcome.COMPLETED);

        gate.open();

        assertThat(proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE))
                .isNotEqualTo(Ending.OPEN);
        assertNothingIsSpoilt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void deliversNoBodyWhereNoneMayBe(String status) throws IOException {
        upstreamSays(Step.send("HTTP/1.1 " + status + "\r\nContent-Length: 3\r\n\r\nabc" + POISON));
        RawClient client = proxy.get("/attack");

        RawResponse response = client.readResponse();

        assertThat(response.head().startLine()).isEqualTo("HTTP/1.1 " + status);
        assertThat(client.isQuiet(SOON) || client.readSome().length == 0).isTrue();
        assertNothingIsSpoilt();
    }

    @Test
    void deliversNoBodyToHead() throws IOException {
        upstreamSays(Step.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc" + POISON));
        RawClient client = proxy.connect().send("HEAD /attack HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(client.readHead().value("Content-Length")).contains("3");

        assertThat(client.isQuiet(SOON) || client.readSome().length == 0).isTrue();
        assertNothingIsSpoilt();
    }

    /**
     * The first request may be fooled, for nobody can know when those bytes were sent; but no other. The real answer is one
     * too many by then, and ends the connection. (A request that is quicker than that real answer is out of anybody's reach.)
     */
    @Test
    void letsAnAnswerBeforeTheRequestSpoilNoOther() throws IOException {
        upstreamSays(Step.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"));
        proxy.upstream().greet(Script.of(Step.send(POISON)));
        RawResponse first = proxy.get("/attack").readResponse();
        proxy.upstream().greet(Script.of());

        assertThat(first.text()).isIn("poisoned", "abc", first.status() == 502 ? first.text() : "abc");
        if (first.text().equals("poisoned")) {
            proxy.upstream().connections().forEach(connection -> connection.awaitEnd(Eventually.PATIENCE));
        }
        assertNothingIsSpoilt();
    }

    /** They may not turn into fields of the answer (RFC 9110 §6.5.1). */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Host: elsewhere.example"})
    void passesOnNoTrailerThatFramesOrRoutes(String trailer) throws IOException {
        upstreamSays(Step.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n"
                + trailer + "\r\n\r\n"));

        RawResponse response = proxy.get("/attack").readResponse();

        assertThat(response.trailers()).doesNotContain(trailer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: b\r\n Set-Cookie: evil",
                "A: b\nSet-Cookie: evil",
                "A: b\rSet-Cookie: evil",
                "A\u0000: b",
                "A : b"
            })
    void passesOnNoTrailerThatCanBeReadInTwoWays(String trailer) throws IOException {
        upstreamSays(Step.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + trailer + "\r\n\r\n"));

        RawResponse response = proxy.get("/attack").readResponse();

        assertBeyondDoubt(response);
        assertThat(response.trailers())
                .allMatch(line -> line.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*"));
        assertNothingIsSpoilt();
    }
}
