package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for clients in HTTP/1.1 holds for those in HTTP/2, frame by frame. */
@ParameterizedClass
@EnumSource(names = {"TCP", "TCP_TO_HTTP_2"})
final class Http2IT {
    private static final Duration AT_ONCE = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final boolean isToHttp2;

    Http2IT(Transport transport) {
        transport.of(proxy);
        isToHttp2 = transport.isToHttp2();
    }

    private void expectUpstreamClosed(RecordedConnection connection, long leftAtNanos) {
        assertPromptEnd(connection, leftAtNanos, AT_ONCE);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void forwardsEachEventAsItArrives() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(3, gate));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/v1/stream", true);

            assertThat(exchange.next()).isEqualTo("200");
            for (int number = 1; number <= 3; number++) {
                gate.open();
                exchange.read();
                assertThat(exchange.next()).isEqualTo("data " + Answers.event(number));
            }
            exchange.read();
            assertThat(exchange.next()).isEqualTo("end");
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void makesAnHttp1HeadOfPseudoFieldsAndFields() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            client.ask(
                            "GET",
                            "/v1//a%2fb/..;x=1?q=a%20b&e=",
                            true,
                            "accept",
                            "*/*",
                            "cookie",
                            "a=1",
                            "x-odd",
                            "caf\u00e9",
                            "cookie",
                            "b=2",
                            "te",
                            "trailers")
                    .readAll();
        }

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().text())
                .isEqualTo("GET /v1//a%2fb/..;x=1?q=a%20b&e= HTTP/1.1\r\nHost: "
                        + proxy.upstream().authority()
                        + "\r\naccept: */*\r\n"
                        + (isToHttp2
                                ? "cookie: a=1\r\nx-odd: caf\u00e9\r\ncookie: b=2\r\nte: trailers\r\n\r\n"
                                : "cookie: a=1; b=2\r\nx-odd: caf\u00e9\r\n\r\n"));
    }

    @Test
    void sendsBodiesOfUnknownLengthInChunksWithTheirTrailers() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("POST", "/v1/audio", false);
            exchange.send("one ", false);
            exchange.send("two", false);
            exchange.sendTrailers("x-sum", "7");

            assertThat(exchange.readAll()).isEqualTo("{\"ok\":true}|end");
        }

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().value("transfer-encoding")).contains("chunked");
        assertThat(request.body()).isEqualTo("one two");
        assertThat(request.trailers()).containsExactly("x-sum: 7");
    }

    /** In one packet: by the time the head is looked at, the client has ended its stream. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsABodyThatComesTogetherWithItsHead(boolean hasTrailers) throws Exception {
        proxy.upstream().enqueue(Answers.ok());
        RawFrames client = RawFrames.connect(proxy);
        byte[] head = RawFrames.head(
                1, 0, ":method", "POST", ":scheme", "http", ":authority", "client.example", ":path", "/v1/audio");
        byte[] data = "one two".getBytes(StandardCharsets.US_ASCII);

        if (hasTrailers) {
            client.send(
                    head,
                    RawFrames.frame(RawFrames.DATA, 0, 1, data),
                    RawFrames.head(1, RawFrames.END_STREAM, "x-sum", "7"));
        } else {
            client.send(head, RawFrames.frame(RawFrames.DATA, RawFrames.END_STREAM, 1, data));
        }

        assertThat(client.answer(1)).isEqualTo("200 {\"ok\":true}|end");
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.body()).isEqualTo("one two");
        assertThat(request.trailers()).isEqualTo(hasTrailers ? List.of("x-sum: 7") : List.of());
    }

    @Test
    void keepsTheLengthOfABody() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("POST", "/v1/chat", false, "content-length", "7");
            exchange.send("one two", true);

            assertThat(exchange.readAll()).isEqualTo("{\"ok\":true}|end");
            assertThat(exchange.head().getHttpFields().get("content-length")).isEqualTo("11");
        }

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().fieldLines("transfer-encoding", "content-length"))
                .containsExactly("content-length: 7");
        assertThat(request.body()).isEqualTo("one two");
    }

    @Test
    void takesConnectionFieldsOffResponsesAndPassesTrailersOn() throws Exception {
        Gate gate = Gate.named("trailers");
        proxy.upstream()
                .enqueue(Answers.headOnly(
                                "HTTP/1.1 200 Whatever",
                                "Transfer-Encoding: chunked",
                                "Keep-Alive: timeout=5",
                                "Connection: X-Hop",
                                "X-Hop: 1",
                                "X-Kept: 1",
                                "X-Kept: 2")
                        .then(Step.chunk("body"), Step.await(gate), Step.lastChunk("X-Sum: 4")));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);

            assertThat(exchange.next()).isEqualTo("200");
            exchange.read();
            assertThat(exchange.next()).isEqualTo("data body");
            gate.open();
            exchange.read();
            assertThat(exchange.readAll()).isEqualTo("|trailers");
            assertThat(exchange.head().getHttpFields())
                    .extracting(field -> field.getName() + ": " + field.getValue())
                    .containsExactly("x-kept: 1", "x-kept: 2");
            assertThat(exchange.trailers().get("x-sum")).isEqualTo("4");
        }
    }

    @Test
    void endsHeadAndNoContentWithTheirHeads() throws Exception {
        proxy.upstream()
                .enqueue(
                        Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: 5"),
                        Answers.headOnly("HTTP/1.1 204 No Content"),
                        Answers.headOnly("HTTP/1.1 304 Not Modified", "Content-Length: 9"));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange head = client.ask("HEAD", "/", true);
            assertThat(head.readAll()).isEqualTo("|end");
            assertThat(head.head().getHttpFields().get("content-length")).isEqualTo("5");
            FrameClient.Exchange noContent = client.ask("GET", "/", true);
            assertThat(noContent.readAll()).isEqualTo("|end");
            assertThat(noContent.head().getStatus()).isEqualTo(204);
            FrameClient.Exchange notModified = client.ask("GET", "/", true);
            assertThat(notModified.readAll()).isEqualTo("|end");
            assertThat(notModified.head().getHttpFields().get("content-length")).isEqualTo("9");
        }
    }

    @Test
    void passesInterimResponsesOn() throws Exception {
        proxy.upstream()
                .enqueue(Answers.interim(
                        List.of(
                                Step.head("HTTP/1.1 103 Early Hints", "Link: </a>"),
                                Step.head("HTTP/1.1 102 Processing")),
                        Answers.ok()));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);

            assertThat(List.of(exchange.next(), exchange.next(), exchange.next()))
                    .containsExactly("103", "102", "200");
        }
    }

    @Test
    void tearsAStreamThatTheUpstreamCuts() throws Exception {
        Gate gate = Gate.named("cut");
        proxy.upstream().enqueue(Answers.cutChunks(1, Step.await(gate)).then(new Step.Fin()));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.next()).isEqualTo("200");
            exchange.read();
            assertThat(exchange.next()).isEqualTo("data " + Answers.event(1));
            gate.open();
            exchange.read();

            assertThat(exchange.next()).isEqualTo("reset INTERNAL_ERROR");
        }
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void stopsTheUpstreamWhenAStreamIsCancelledInASilence() throws Exception {
        proxy.upstream().enqueue(Answers.cutChunks(1, new Step.Never()));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.next()).isEqualTo("200");
            long leftAt = System.nanoTime();
            exchange.cancel();

            expectUpstreamClosed(proxy.upstream().awaitConnection(1), leftAt);
        }
    }

    @Test
    void stopsTheUpstreamWhenAStreamIsCancelledBeforeAnAnswer() throws Exception {
        proxy.upstream().enqueue(Answers.silence());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("POST", "/", false);
            exchange.send("{}", true);
            proxy.upstream().takeRequest();
            long leftAt = System.nanoTime();
            exchange.cancel();

            expectUpstreamClosed(proxy.upstream().awaitConnection(1), leftAt);
        }
    }

    @Test
    void stopsTheUpstreamWhenAStreamIsCancelledDuringAnUpload() throws Exception {
        proxy.upstream().enqueue(Answers.silence());

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("POST", "/", false);
            exchange.send("{}", false);
            proxy.upstream().takeRequest();
            long leftAt = System.nanoTime();
            exchange.cancel();

            expectUpstreamClosed(proxy.upstream().awaitConnection(1), leftAt);
        }
    }

    @Test
    void stopsTheUpstreamWhenTheConnectionIsLost() throws Exception {
        proxy.upstream().enqueue(Answers.cutChunks(1, new Step.Never()));

        try (FrameClient client = FrameClient.connect(proxy)) {
            assertThat(client.ask("GET", "/", true).next()).isEqualTo("200");
            long leftAt = System.nanoTime();
            client.drop();

            expectUpstreamClosed(proxy.upstream().awaitConnection(1), leftAt);
        }
    }

    @Test
    void keepsOtherStreamsGoingBesideOneThatNobodyReads() throws Exception {
        proxy.upstream()
                .answer(request -> request.target().equals("/stalled")
                        ? Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: 10000000")
                                .then(new Step.Pour(10_000_000))
                        : Answers.events(20));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange stalled = client.ask("GET", "/stalled", true);
            assertThat(stalled.next()).isEqualTo("200");
            List<FrameClient.Exchange> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(client.ask("GET", "/events", true));
            }

            for (FrameClient.Exchange other : others) {
                assertThat(other.readAll()).contains(Answers.event(20)).endsWith("|end");
            }
            long sent = proxy.upstream().connections().stream()
                    .mapToLong(RecordedConnection::sentBytes)
                    .max()
                    .orElseThrow();
            assertThat(sent).as("bytes taken for a client that does not read").isLessThan(9_000_000);
        }
    }

    @Test
    void keepsOtherBodiesGoingBesideThoseThatTheUpstreamDoesNotTake() throws Exception {
        Gate gate = Gate.named("reading again");
        proxy.upstream()
                .answer(request -> request.target().equals("/stalled")
                        ? Script.of(
                                new Step.StopReading(), Step.await(gate), new Step.ResumeReading(), new Step.Never())
                        : Answers.ok());

        try (FrameClient client = FrameClient.connect(proxy)) {
            for (int i = 0; i < 20; i++) {
                FrameClient.Exchange stalled = client.ask("POST", "/stalled", false);
                stalled.send("x".repeat(100_000), false);
            }
            FrameClient.Exchange other = client.ask("POST", "/taken", false);
            other.send("y".repeat(100_000), true);

            assertThat(other.readAll()).isEqualTo("{\"ok\":true}|end");
            gate.openForGood();
        }
    }

    @Test
    void answersBeforeTheRequestIsComplete() throws Exception {
        proxy.upstream().enqueue(Answers.early(413, "too much"));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("POST", "/", false);
            exchange.send("x", false);

            assertThat(exchange.readAll()).isEqualTo("too much|end");
            assertThat(exchange.head().getStatus()).isEqualTo(413);
        }
    }

    @Test
    void refusesInJson() throws Exception {
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", "sha256:" + "ab".repeat(32))));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);

            assertThat(exchange.readAll())
                    .contains("\"code\":\"token_required\"")
                    .endsWith("|end");
            assertThat(exchange.head().getStatus()).isEqualTo(401);
        }
        proxy.expectEnd(Outcome.REFUSED);
    }

    @Test
    void letsStreamsFinishOnDrainAndSaysGoodbye() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.with(builder -> builder.drainTimeout(Duration.ofSeconds(10)));
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.next()).isEqualTo("200");
            Thread closing = new Thread(() -> proxy.proxy().close());
            closing.start();
            assertThat(client.awaitGoAway()).as("GOAWAY").isTrue();
            gate.open();
            exchange.read();

            assertThat(exchange.readAll()).isEqualTo(Answers.event(1) + "|end");
            closing.join(10_000);
            assertThat(client.awaitClosed()).as("connection closed").isTrue();
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    /** As the launcher drains: it asks again and again. */
    @Test
    void letsSilentStreamsFinishHoweverOftenItIsToldToDrain() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));

        try (FrameClient client = FrameClient.connect(proxy)) {
            FrameClient.Exchange exchange = client.ask("GET", "/", true);
            assertThat(exchange.next()).isEqualTo("200");
            // Longer than a connection without a request may stay.
            for (int time = 0; time < 25; time++) {
                assertThat(proxy.proxy().drain(Duration.ofMillis(100))).isFalse();
            }
            gate.open();
            exchange.read();

            assertThat(exchange.readAll()).isEqualTo(Answers.event(1) + "|end");
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void waitsInSilenceForAClientThatHasSaidGoodbye() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.with(builder -> builder.clientIdleTimeout(Duration.ofSeconds(1)));
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));
        RawFrames client = RawFrames.connect(proxy);
        client.send(RawFrames.head(1, RawFrames.END_STREAM, RawFrames.get("/")));
        byte[] lastStreamAndNoError = new byte[8];

        client.send(RawFrames.frame(RawFrames.GOAWAY, 0, 0, lastStreamAndNoError));
        LockSupport.parkNanos(Duration.ofMillis(2500).toNanos());
        gate.open();

        assertThat(client.answer(1)).startsWith("200 " + Answers.event(1)).endsWith("|end");
        proxy.expectEnd(Outcome.COMPLETED);
    }

    /** To send it would end the connection with all its streams. */
    @Test
    void answers502InPlaceOfAHeadThatIsTooLargeForTheClient() throws Exception {
        proxy.upstream()
                .enqueue(Answers.message("HTTP/1.1 200 OK", "body", "X-Long: " + "x".repeat(1000)), Answers.ok());
        RawFrames client = RawFrames.connect(proxy);
        byte[] maxHeaderListSize = {0, 6, 0, 0, 2, 0};

        client.send(
                RawFrames.frame(RawFrames.SETTINGS, 0, 0, maxHeaderListSize),
                RawFrames.head(1, RawFrames.END_STREAM, RawFrames.get("/")));

        assertThat(client.answer(1)).startsWith("502").contains("upstream_bad_response");
        client.send(RawFrames.head(3, RawFrames.END_STREAM, RawFrames.get("/")));
        assertThat(client.answer(3)).isEqualTo("200 {\"ok\":true}|end");
    }

    /** Refused by the request that it is to HTTP/1.1: somebody may have put it behind another's. */
    @Test
    void takesNoPrefaceBehindARequest() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.get("/first");
        assertThat(client.readResponse().status()).isEqualTo(200);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(426);
    }

    @Test
    void offersNoUpgradeFromHttp1() throws Exception {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().names()).containsExactly("Host");
    }

    @Test
    void closesAConnectionWhoseHeadDrips() throws Exception {
        proxy.with(builder -> builder.headerTimeout(Duration.ofMillis(300)));
        RawClient client = proxy.connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        // An empty SETTINGS; and when that is acknowledged, the first bytes of a HEADERS that never comes.
        client.send("\0\0\0\4\0\0\0\0\0");
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith("\0\0\0\4\1\0\0\0\0")) {
            read.append(new String(client.readSome(), StandardCharsets.ISO_8859_1));
        }
        client.send("\0\0\u0020\1\5");

        assertThat(Wire.readAll(client)).doesNotContain("HTTP/1.1");
    }

    @Test
    void speaksHttp1OnlyIfToldTo() throws Exception {
        proxy.with(builder -> builder.listenHttp2(false));

        RawClient client = proxy.connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        assertThat(client.readResponse().head().startLine()).startsWith("HTTP/1.1 ");
    }
}
