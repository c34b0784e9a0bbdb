package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is promised to clients, whatever they and the upstream speak. Where a version has no word for something, the case
 * says what comes instead. {@link ClientMatrixTimesIT} has the rest.
 */
@ParameterizedClass(name = "{0} to {1}")
@MethodSource("cells")
@Timeout(120)
final class ClientMatrixIT {
    private static final Duration AT_ONCE = Duration.ofMillis(300);
    private static final long BODY_BYTES = 32L * 1024 * 1024;
    private static final long MOST_IN_FLIGHT_BYTES = 16L * 1024 * 1024;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final ClientProtocol protocol;
    private final UpstreamProtocol upstreamProtocol;
    private Optional<Http2Front> otherFront = Optional.empty();

    ClientMatrixIT(ClientProtocol protocol, UpstreamProtocol upstreamProtocol) {
        this.protocol = protocol;
        this.upstreamProtocol = upstreamProtocol;
        protocol.of(proxy);
        upstreamProtocol.of(proxy);
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(ClientProtocol.values())
                .flatMap(client -> Arrays.stream(UpstreamProtocol.values()).map(other -> arguments(client, other)));
    }

    @AfterEach
    void closeOther() {
        if (otherFront.isPresent()) {
            // First: it waits for its connections to be closed.
            proxy.proxy().close();
            otherFront.get().close();
        }
    }

    private ClientProtocol.Client connect() throws Exception {
        return protocol.connect(proxy);
    }

    private void expectUpstreamsClosed(int count, long leftAtNanos) {
        for (RecordedConnection connection : proxy.upstream().connections()) {
            assertPromptEnd(connection, leftAtNanos, AT_ONCE);
        }
        proxy.listener().awaitEnd(count);
        assertThat(proxy.listener().ends()).extracting(ExchangeEnd::outcome).containsOnly(Outcome.CLIENT_GONE);
    }

    @Test
    void forwardsTheHeadAndThenEachEventAsItArrives() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(3, gate));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/v1/stream", true);
            assertThat(exchange.status()).isEqualTo(200);
            for (int number = 1; number <= 3; number++) {
                gate.open();
                String event = Answers.event(number);
                assertThat(exchange.data(event.length())).isEqualTo(event);
            }
            assertThat(exchange.rest()).isEqualTo("|end");
        }
        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.responseBytes()).isEqualTo(3L * Answers.event(1).length());
        assertThat(end.exchange())
                .hasFieldOrPropertyWithValue("method", "GET")
                .hasFieldOrPropertyWithValue("path", "/v1/stream");
        assertThat(proxy.listener().events())
                .containsExactly("1 request", "1 response 200", "1 first byte", "1 end COMPLETED");
    }

    @Test
    void forwardsEachPieceOfAnUploadAsItArrives() throws Exception {
        proxy.upstream()
                .enqueue(Script.of(new Step.ReadBodyBytes(4), Step.head("HTTP/1.1 200 OK", "Content-Length: 2"))
                        .then(new Step.ReadBody(), Step.send("ok")));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("POST", "/v1/audio", false);
            exchange.send("four", false);
            assertThat(exchange.status()).isEqualTo(200);
            exchange.send(" and more", true);

            assertThat(exchange.rest()).isEqualTo("ok|end");
        }
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("four and more");
        assertThat(proxy.expectEnd(Outcome.COMPLETED).requestBytes()).isEqualTo(13);
    }

    @Test
    void stopsTheUpstreamWhenTheClientStopsReading() throws Exception {
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + BODY_BYTES)
                        .then(new Step.Pour(BODY_BYTES)));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/big", true);
            assertThat(exchange.status()).isEqualTo(200);
            RecordedConnection connection = proxy.upstream().takeRequest().connection();
            assertThat(Stall.await("the response", connection::sentBytes)).isLessThan(MOST_IN_FLIGHT_BYTES);
            long leftAt = System.nanoTime();

            exchange.cancel();

            expectUpstreamsClosed(1, leftAt);
        }
    }

    @Test
    void stopsTheClientWhenTheUpstreamStopsReading() throws Exception {
        Gate gate = Gate.named("reading again");
        proxy.upstream()
                .enqueue(Script.of(new Step.StopReading(), Step.await(gate), new Step.ResumeReading())
                        .then(Answers.ok().steps()));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange =
                    client.ask("POST", "/big", false, "content-length", Long.toString(BODY_BYTES));
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sending = Background.run(() -> send(exchange, sent));
            assertThat(Stall.await("the upload", sent::get)).isLessThan(MOST_IN_FLIGHT_BYTES);

            gate.open();
            sending.get(60, TimeUnit.SECONDS);
            assertThat(exchange.status()).isEqualTo(200);
        }
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.bodyBytes()).isEqualTo(BODY_BYTES);
        assertThat(request.bodyChecksum()).isEqualTo(Pattern.checksum(BODY_BYTES));
    }

    private static void send(ClientProtocol.Exchange exchange, AtomicLong sent) throws Exception {
        byte[] piece = new byte[64 * 1024];
        while (sent.get() < BODY_BYTES) {
            Pattern.fill(piece, sent.get());
            boolean isLast = sent.get() + piece.length >= BODY_BYTES;
            exchange.send(new String(piece, StandardCharsets.ISO_8859_1), isLast);
            sent.addAndGet(piece.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before the head", "in a silence", "during an upload"})
    void closesTheUpstreamOfAClientThatLeaves(String window) throws Exception {
        boolean isUpload = window.equals("during an upload");
        proxy.upstream()
                .answer(request ->
                        window.equals("in a silence") ? Answers.cutChunks(1, new Step.Never()) : Answers.silence());

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask(isUpload ? "POST" : "GET", "/", !isUpload);
            if (isUpload) {
                exchange.send("{}", false);
            }
            proxy.upstream().takeRequest();
            if (window.equals("in a silence")) {
                assertThat(exchange.status()).isEqualTo(200);
            }
            long leftAt = System.nanoTime();
            exchange.cancel();

            expectUpstreamsClosed(1, leftAt);
        }
    }

    @Test
    void seesAClientLeaveThatWaitsForTheConnection() throws Exception {
        try (BlackHole hole = BlackHole.open();
                ClientProtocol.Client client = connect()) {
            proxy.target(upstreamProtocol.at(hole.uri()));
            ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
            Eventually.await("the request", () -> proxy.listener().starts().size() == 1);

            exchange.cancel();

            proxy.expectEnd(Outcome.CLIENT_GONE);
        }
    }

    @Test
    void closesEveryUpstreamOfAClientThatIsGone() throws Exception {
        proxy.upstream().answer(request -> Answers.cutChunks(1, new Step.Never()));

        try (ClientProtocol.Client client = connect()) {
            for (int number = 0; number < 10; number++) {
                assertThat(client.ask("GET", "/" + number, true).status()).isEqualTo(200);
            }
            long leftAt = System.nanoTime();
            client.drop();

            expectUpstreamsClosed(10, leftAt);
        }
    }

    @ParameterizedTest
    @CsvSource({"chunks, FIN", "chunks, RST", "length, FIN", "length, RST", "close, RST", "bad chunk, FIN"})
    void tearsWhatTheUpstreamBreaksOff(String framing, String how) throws Exception {
        Step end = how.equals("FIN") ? new Step.Fin() : new Step.Reset();
        proxy.upstream()
                .enqueue(
                        switch (framing) {
                            case "chunks" -> Answers.cutChunks(1, end);
                            case "length" -> Answers.cutLength("some", end);
                            case "close" -> Answers.closeDelimited("some", end);
                            default -> Answers.badChunkSize();
                        });

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.status()).isIn(200, 502);
            assertThat(exchange.rest()).matches("(?s).*\\|torn|.*upstream_(cut|closed|bad_response).*\\|end");
        }
        assertThat(proxy.listener().awaitEnd(1).outcome()).isIn(Outcome.UPSTREAM_CUT, Outcome.UPSTREAM_FAILED);
    }

    @Test
    void passesTrailersAndInterimHeadsOn() throws Exception {
        proxy.upstream()
                .enqueue(Answers.interim(
                        List.of(Step.head("HTTP/1.1 103 Early Hints", "Link: </a>")),
                        Answers.headOnly("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                                .then(Step.chunk("one"), Step.chunk("two"), Step.lastChunk("X-Sum: 6"))));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.status()).isEqualTo(103);
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.rest()).isEqualTo("onetwo|trailers");
        }
    }

    @Test
    void keepsReasonsAndSpellingsAsFarAsBothVersionsHaveThem() throws Exception {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 299 Mostly Fine", "", "X-ODD: 1", "x-Other: 2"));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/a%2Fb?C=%2f", true, "X-ASKED", "1");
            assertThat(exchange.status()).isEqualTo(299);
            if (protocol.isHttp2() || upstreamProtocol.isHttp2()) {
                assertThat(exchange.reason()).isEmpty();
                assertThat(exchange.names()).contains("x-odd", "x-other");
            } else {
                assertThat(exchange.reason()).isEqualTo("Mostly Fine");
                assertThat(exchange.names()).contains("X-ODD", "x-Other");
            }
        }
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.target()).isEqualTo("/a%2Fb?C=%2f");
        boolean isLowerCase = protocol.isHttp2() || upstreamProtocol.isHttp2();
        assertThat(request.head().names()).contains(isLowerCase ? "x-asked" : "X-ASKED");
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200, 5", "GET, 204, ''", "GET, 304, 9"})
    void endsWhatHasNoBodyWithItsHead(String method, int status, String length) throws Exception {
        String[] fields = length.isEmpty() ? new String[0] : new String[] {"Content-Length: " + length};
        proxy.upstream().enqueue(Answers.headOnly("HTTP/1.1 " + status + " Any", fields));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask(method, "/", true);
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.field("content-length")).isEqualTo(length);
            if (protocol.isHttp2()) {
                assertThat(exchange.rest()).isEqualTo("|end");
            }
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void holdsABodyBackUntilTheUpstreamWantsIt() throws Exception {
        Gate gate = Gate.named("continue");
        proxy.upstream()
                .enqueue(Script.of(Step.await(gate), Step.head("HTTP/1.1 100 Continue"))
                        .then(Answers.ok().steps()));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange =
                    client.ask("POST", "/", false, "content-length", "2", "expect", "100-continue");
            gate.open();
            assertThat(exchange.status()).isEqualTo(100);
            exchange.send("{}", true);
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.rest()).isEqualTo("{\"ok\":true}|end");
        }
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().value("expect")).contains("100-continue");
        assertThat(request.body()).isEqualTo("{}");
    }

    @Test
    void refusesAnExpectationThatRequiresNoBody() throws Exception {
        proxy.upstream().enqueue(Answers.early(413, "too much"));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange =
                    client.ask("POST", "/", false, "content-length", "2", "expect", "100-continue");

            assertThat(exchange.status()).isEqualTo(413);
            assertThat(exchange.rest()).startsWith("too much|");
        }
    }

    private void expectRefusal(int status, String code, String... fields) throws Exception {
        try (ClientProtocol.Client client = connect()) {
            expectRefusal(client, status, code, fields);
        }
    }

    static void expectRefusal(ClientProtocol.Client client, int status, String code, String... fields)
            throws Exception {
        ClientProtocol.Exchange exchange = client.ask("GET", "/", true, fields);
        assertThat(exchange.status()).isEqualTo(status);
        assertThat(exchange.field("content-type")).startsWith("application/json");
        assertThat(exchange.rest()).contains("\"code\":\"" + code + "\"").endsWith("|end");
    }

    @Test
    void asksForATokenAndKeepsItToItself() throws Exception {
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", "token-of-ann-0123456789")));
        proxy.upstream().enqueue(Answers.ok());

        try (ClientProtocol.Client client = connect()) {
            expectRefusal(client, 401, "token_required");
            assertThat(client.ask("GET", "/", true, "x-api-key", "token-of-ann-0123456789", "a", "b")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(proxy.upstream().takeRequest().head().fieldLines())
                .containsExactly("Host: " + proxy.upstream().authority(), "a: b");
        assertThat(proxy.listener().awaitEnd(2).exchange().clientName()).contains("ann");
    }

    @Test
    void refusesClientsThatAreNotAllowed() throws Exception {
        proxy.with(builder -> builder.allowedClients(List.of("192.0.2.0/24")));

        expectRefusal(403, "client_not_allowed");
    }

    @Test
    void refusesMoreStreamsThanItMayCarry() throws Exception {
        proxy.with(builder -> builder.maxStreams(1));
        proxy.upstream().answer(request -> Answers.silence());

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange first = client.ask("GET", "/", true);
            proxy.upstream().takeRequest();
            expectRefusal(client, 503, "too_many_streams");
            first.cancel();
        }
    }

    @Test
    void refusesLargeHeads() throws Exception {
        proxy.with(builder -> builder.maxHeaderBytes(8 * 1024));

        expectRefusal(431, "header_too_large", "x-long", "x".repeat(8 * 1024));
    }

    @Test
    void answers502WhenNobodyListens() throws Exception {
        proxy.upstream().close();
        proxy.target(upstreamProtocol.at(proxy.upstream().uri()));

        expectRefusal(502, "upstream_connect_refused");
    }

    /** In HTTP/2 to the upstream, what ends is a stream, and the connection takes the next: Http2UpstreamIT ends those. */
    @Test
    void sendsAgainWhatMeetsAConnectionThatHasEnded() throws Exception {
        proxy.upstream().enqueue(Answers.okThenClose(), Answers.json(200, "again"));

        try (ClientProtocol.Client client = connect()) {
            assertThat(client.ask("GET", "/", true).status()).isEqualTo(200);
            proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);
            ClientProtocol.Exchange exchange = client.ask("POST", "/", false, "content-length", "2");
            exchange.send("{}", true);

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.rest()).isEqualTo("again|end");
        }
    }

    @Test
    void letsStreamsFinishOnDrainAndRefusesNewOnes() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.with(builder -> builder.drainTimeout(Duration.ofSeconds(10)));
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));

        try (ClientProtocol.Client client = connect()) {
            ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.status()).isEqualTo(200);
            CompletableFuture<Void> closing = Background.run(() -> proxy.proxy().close());
            gate.open();

            assertThat(exchange.rest()).isEqualTo(Answers.event(1) + "|end");
            closing.get(10, TimeUnit.SECONDS);
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void leavesAStreamWithItsTargetWhenThatIsChanged() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));

        try (ScriptedUpstream other = ScriptedUpstream.plain();
                ClientProtocol.Client client = connect()) {
            other.enqueue(Answers.json(200, "other"));
            otherFront = upstreamProtocol.frontOf(other);
            ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.status()).isEqualTo(200);
            proxy.proxy().retarget(otherFront.map(Http2Front::uri).orElse(other.uri()));
            ClientProtocol.Exchange next = client.ask("GET", "/", true);
            assertThat(next.status()).isEqualTo(200);
            assertThat(next.rest()).isEqualTo("other|end");
            gate.open();

            assertThat(exchange.rest()).isEqualTo(Answers.event(1) + "|end");
        }
    }
}
