package dev.aiproxy.it;

import static dev.aiproxy.it.RawFrames.frame;
import static dev.aiproxy.it.RawFrames.get;
import static dev.aiproxy.it.RawFrames.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What floods an HTTP/2 connection, or breaks its rules, costs that connection or stream, and nobody else anything. */
@Timeout(60)
final class Http2AttackIT {
    private static final int FLOOD = 5_000;
    private static final byte[] NOTHING = {};
    /** A connection that is closed with bytes unread is reset, which may take its last words along. */
    private static final List<String> CALM = List.of("|GOAWAY ENHANCE_YOUR_CALM_ERROR", "|closed");

    private static final List<String> MALFORMED = List.of("|GOAWAY PROTOCOL_ERROR", "|closed");

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final Gate gate = Gate.named("next event");
    private FrameClient bystander;
    private FrameClient.Exchange stream;

    @BeforeEach
    void begin() throws Exception {
        proxy.with(builder -> builder.maxHeaderBytes(8 * 1024));
        proxy.upstream().answer(request -> switch (request.target()) {
            case "/bystander" -> Answers.gatedEvents(1, gate);
            case "/silence" -> Answers.silence();
            default -> Answers.ok();
        });
        bystander = FrameClient.connect(proxy);
        stream = bystander.ask("GET", "/bystander", true);
        assertThat(stream.next()).isEqualTo("200");
    }

    /** Whatever the attack was, the other connection's stream goes on, and all exchanges of the attacker are over. */
    @AfterEach
    void expectTheOtherConnectionToBeUndisturbed() throws Exception {
        Eventually.await(
                "the attacker's exchanges to end",
                () -> proxy.proxy().inFlight().size() == 1);
        gate.open();
        stream.read();
        assertThat(stream.readAll()).isEqualTo(Answers.event(1) + "|end");
        bystander.close();
    }

    static Stream<Named<byte[]>> floods() {
        byte[] ping = frame(RawFrames.PING, 0, 0, new byte[8]);
        byte[] setting = ByteBuffer.allocate(6).putShort((short) 3).putInt(100).array();
        byte[] priority = frame(RawFrames.PRIORITY, 0, 9, new byte[] {0, 0, 0, 0, 1});
        return Stream.of(
                Named.of("PING", ping),
                Named.of("SETTINGS", frame(RawFrames.SETTINGS, 0, 0, setting)),
                Named.of("empty SETTINGS", frame(RawFrames.SETTINGS, 0, 0, NOTHING)),
                Named.of("PRIORITY", priority),
                Named.of("unknown frames", frame(77, 0, 0, new byte[] {1})));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void endsAConnectionThatIsFloodedWith(byte[] frame) throws IOException {
        RawFrames attacker = RawFrames.connect(proxy);

        attacker.flood(FLOOD, frame);

        assertThat(attacker.awaitClosed()).isIn(CALM);
    }

    @Test
    void endsAConnectionThatIsFloodedWithEmptyData() throws IOException {
        RawFrames attacker = RawFrames.connect(proxy);
        attacker.send(head(1, 0, ":method", "POST", ":scheme", "http", ":authority", "x", ":path", "/silence"));

        attacker.flood(FLOOD, frame(RawFrames.DATA, 0, 1, NOTHING));

        assertThat(attacker.awaitClosed()).isIn(CALM);
    }

    /** CVE-2024-27316 and its kind: a head that never ends. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000})
    void endsAConnectionWhoseHeadHasFragmentsWithoutEnd(int fragmentBytes) throws IOException {
        RawFrames attacker = RawFrames.connect(proxy);
        attacker.send(frame(RawFrames.HEADERS, 0, 1, RawFrames.block(get("/"))));

        attacker.flood(FLOOD, frame(RawFrames.CONTINUATION, 0, 1, new byte[fragmentBytes]));

        assertThat(attacker.awaitClosed()).isIn(fragmentBytes < 1_000 ? CALM : MALFORMED);
    }

    /** CVE-2023-44487. */
    @Test
    void endsAConnectionThatOpensAndCancelsStreamsInAFlood() throws IOException {
        RawFrames attacker = RawFrames.connect(proxy);

        floodOfStreams(attacker, number -> frame(RawFrames.RST_STREAM, number, 8));

        assertThat(attacker.awaitClosed()).isIn(CALM);
        assertThat(proxy.listener().starts()).hasSizeLessThan(2_000);
    }

    /** CVE-2025-8671: the attacker makes the proxy do the resetting. */
    @ParameterizedTest
    @ValueSource(strings = {"window of no bytes", "window beyond all bounds", "more data than the length"})
    void endsAConnectionThatMakesTheProxyCancelStreamsInAFlood(String how) throws IOException {
        RawFrames attacker = RawFrames.connect(proxy);

        floodOfStreams(attacker, number -> switch (how) {
            case "window of no bytes" -> frame(RawFrames.WINDOW_UPDATE, number, 0);
            case "window beyond all bounds" -> frame(RawFrames.WINDOW_UPDATE, number, Integer.MAX_VALUE);
            default -> frame(RawFrames.DATA, 0, number, new byte[9]);
        });

        assertThat(attacker.awaitClosed()).isIn(CALM);
        assertThat(proxy.listener().starts()).hasSizeLessThan(2_000);
    }

    private static void floodOfStreams(RawFrames attacker, IntFunction<byte[]> end) {
        String[] post = {
            ":method", "POST", ":scheme", "http", ":authority", "x", ":path", "/silence", "content-length", "8"
        };
        try {
            for (int number = 1; number < 2 * FLOOD; number += 2) {
                attacker.send(head(number, 0, post), end.apply(number));
            }
        } catch (IOException closed) {
            // That is the point.
            return;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"window of no bytes", "window beyond all bounds", "more data than the length", "less data"})
    void stopsTheUpstreamOfAStreamThatBreaksTheRules(String how) throws IOException {
        RawFrames client = RawFrames.connect(proxy);
        client.send(head(
                1,
                0,
                ":method",
                "POST",
                ":scheme",
                "http",
                ":authority",
                "x",
                ":path",
                "/silence",
                "content-length",
                "8"));
        RecordedConnection upstream = proxy.upstream().awaitConnection(2);
        Eventually.await("the request", () -> !upstream.requests().isEmpty());

        client.send(
                switch (how) {
                    case "window of no bytes" -> frame(RawFrames.WINDOW_UPDATE, 1, 0);
                    case "window beyond all bounds" -> frame(RawFrames.WINDOW_UPDATE, 1, Integer.MAX_VALUE);
                    case "less data" -> frame(RawFrames.DATA, RawFrames.END_STREAM, 1, new byte[7]);
                    default -> frame(RawFrames.DATA, 0, 1, new byte[9]);
                });

        upstream.awaitEnd(Eventually.PATIENCE);
        assertThat(client.answer(1)).isIn("|PROTOCOL_ERROR", "|FLOW_CONTROL_ERROR", "|INTERNAL_ERROR");
        assertThat(proxy.listener().awaitEnd(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        client.send(head(3, RawFrames.END_STREAM, get("/")));
        assertThat(client.answer(3)).isEqualTo("200 {\"ok\":true}|end");
    }

    static Stream<Named<String[]>> malformed() {
        return Stream.of(
                Named.of("two lengths", get("/", "content-length", "0", "content-length", "1")),
                Named.of("the same length twice", get("/", "content-length", "0", "content-length", "0")),
                Named.of("a length without a body", get("/", "content-length", "5")),
                Named.of("a length below zero", get("/", "content-length", "-1")),
                Named.of("a length with a sign", get("/", "content-length", "+0")),
                Named.of("transfer-encoding", get("/", "transfer-encoding", "chunked")),
                Named.of("connection", get("/", "connection", "close")),
                Named.of("keep-alive", get("/", "keep-alive", "timeout=5")),
                Named.of("proxy-connection", get("/", "proxy-connection", "keep-alive")),
                Named.of("upgrade", get("/", "upgrade", "websocket")),
                Named.of("te", get("/", "te", "gzip")),
                Named.of("a colon in a name", get("/", "a:b", "c")),
                Named.of("a space in a name", get("/", "a b", "c")),
                Named.of("a line break in a name", get("/", "a\r\nb", "c")),
                Named.of("an upper-case name", get("/", "Accept", "*/*")),
                Named.of("another host in Host", get("/", "host", "other.example")),
                Named.of("two hosts", get("/", "host", "client.example", "host", "client.example")),
                Named.of("an unknown pseudo-field", get("/", ":odd", "1")),
                Named.of("a space in the path", get("/a b")),
                Named.of("a space in the fragment", get("/a#b HTTP/1.1")),
                Named.of("a line break in the path", get("/a\r\nA: b")),
                Named.of("a path without a slash", get("a")),
                Named.of("a whole URI for a path", get("http://other.example/")),
                Named.of("no path", new String[] {":method", "GET", ":scheme", "http", ":authority", "x"}),
                Named.of("an empty path", get("")),
                Named.of("no scheme", new String[] {":method", "GET", ":authority", "x", ":path", "/"}),
                Named.of(
                        "a method with a space",
                        new String[] {":method", "GET /", ":scheme", "http", ":authority", "x", ":path", "/"}));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesARequestWith(String[] fields) throws IOException {
        RawFrames client = RawFrames.connect(proxy);

        client.send(head(1, RawFrames.END_STREAM, fields));

        assertThat(client.answer(1)).matches("400 .*bad_request.*\\|end");
        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    /** Jetty reads them while it decodes the head, where it knows no other way out than to end the connection. */
    @ParameterizedTest
    @ValueSource(strings = {"five", "", "5,5", "99999999999999999999"})
    void endsAConnectionWithALengthThatIsNone(String length) throws IOException {
        RawFrames client = RawFrames.connect(proxy);

        client.send(head(1, RawFrames.END_STREAM, get("/", "content-length", length)));

        assertThat(client.awaitClosed()).isIn(MALFORMED);
        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    /** A head that Jetty cannot read leaves its decoder in disorder: it would refuse whatever came next. */
    @Test
    void takesNoMoreStreamsBehindAHeadThatItCannotRead() throws IOException {
        RawFrames client = RawFrames.connect(proxy);
        client.send(head(1, RawFrames.END_STREAM, get("/silence")));
        RecordedConnection upstream = proxy.upstream().awaitConnection(2);
        Eventually.await("the request", () -> !upstream.requests().isEmpty());

        client.send(head(3, RawFrames.END_STREAM, get("/", "a b", "c")));

        assertThat(client.answer(3)).matches("400 .*bad_request.*\\|end");
        assertThat(client.answer(-1)).isEqualTo("|GOAWAY PROTOCOL_ERROR");
        assertThat(upstream.ending()).isEqualTo(Ending.OPEN);
        client.send(frame(RawFrames.RST_STREAM, 1, 8));
    }

    @ParameterizedTest
    @CsvSource({"a:b, c", "a b, c", "A, b", "'a\r\nb', c", "a, 'b\r\nc: d'", "te, gzip", "connection, close", ":odd, 1"
    })
    void cutsTheUpstreamOffTrailersThatItCannotRead(String name, String value) throws IOException {
        RawFrames client = RawFrames.connect(proxy);
        client.send(head(1, 0, ":method", "POST", ":scheme", "http", ":authority", "x", ":path", "/silence"));
        RecordedConnection upstream = proxy.upstream().awaitConnection(2);
        Eventually.await("the request", () -> !upstream.requests().isEmpty());

        client.send(head(1, RawFrames.END_STREAM, name, value));

        upstream.awaitEnd(Eventually.PATIENCE);
        assertThat(client.answer(1)).isIn("|INTERNAL_ERROR", "|CANCEL_STREAM_ERROR", "|GOAWAY PROTOCOL_ERROR");
        assertThat(upstream.rawText()).doesNotContain("c: d", "0\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {9_000, 16_000, 30_000})
    void answers431ToALargeHeadAndGoesOn(int bytes) throws IOException {
        RawFrames client = RawFrames.connect(proxy);
        byte[] block = RawFrames.block(get("/", "x-long", "x".repeat(bytes)));
        int first = Math.min(block.length, 16_000);
        byte[] beginning = Arrays.copyOf(block, first);
        byte[] rest = Arrays.copyOfRange(block, first, block.length);

        client.send(
                frame(RawFrames.HEADERS, RawFrames.END_STREAM, 1, beginning),
                frame(RawFrames.CONTINUATION, RawFrames.END_HEADERS, 1, rest));

        assertThat(client.answer(1)).matches("431 .*header_too_large.*\\|end");
        client.send(head(3, RawFrames.END_STREAM, get("/")));
        assertThat(client.answer(3)).isEqualTo("200 {\"ok\":true}|end");
    }

    @Test
    void endsAConnectionWithAHeadThatIsManyTimesTooLarge() throws IOException {
        RawFrames client = RawFrames.connect(proxy);
        client.send(frame(RawFrames.HEADERS, RawFrames.END_STREAM, 1, RawFrames.block(get("/"))));

        client.flood(10, frame(RawFrames.CONTINUATION, 0, 1, RawFrames.block("x-long", "x".repeat(10_000))));

        assertThat(client.awaitClosed()).isIn(MALFORMED);
    }

    @Test
    void servesAClientThatCancelsAllItsStreamsAtOnceAgainAndAgain() throws Exception {
        try (FrameClient client = FrameClient.connect(proxy)) {
            for (int round = 0; round < 3; round++) {
                List<FrameClient.Exchange> exchanges = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    exchanges.add(client.ask("GET", "/silence", true));
                }
                exchanges.forEach(FrameClient.Exchange::cancel);
                Eventually.await("all to end", () -> proxy.proxy().inFlight().size() == 1);
            }

            assertThat(client.ask("GET", "/", true).readAll()).isEqualTo("{\"ok\":true}|end");
        }
    }
}
