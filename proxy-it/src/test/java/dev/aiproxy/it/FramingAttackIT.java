package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that two parsers could read in two ways is refused, and the upstream never sees two where one was meant. */
final class FramingAttackIT {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String CHUNKED = "POST /intended HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final List<Integer> REFUSALS = List.of(400, 403, 414, 417, 426, 431, 501, 505);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    static Stream<Named<String>> heads() {
        return FramingAttacks.heads();
    }

    static Stream<Named<String>> oddities() {
        return FramingAttacks.oddities();
    }

    static Stream<Named<String>> chunks() {
        return ChunkAttacks.all();
    }

    private static int statusOf(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        return Integer.parseInt(answer.substring(9, 12));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void refusesAndClosesWhatCanBeReadInTwoWays(String attack) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());

        String answer = Wire.readAll(proxy.connect().send(attack + SMUGGLED));

        assertThat(proxy.upstream().connections()).isEmpty();
        assertThat(statusOf(answer)).isIn(REFUSALS);
        assertThat(answer.split("HTTP/1\\.[01] [0-9]"))
                .as("one answer: %s", answer)
                .hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void refusesItByteByByte(String attack) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect();

        Wire.drip(client, attack);
        Wire.drip(client, SMUGGLED);

        String answer = Wire.readAll(client);
        assertThat(proxy.upstream().connections()).isEmpty();
        assertThat(statusOf(answer)).isIn(REFUSALS);
    }

    /** What follows is frames; a request in HTTP/1.1 is none. */
    @Test
    void findsNoRequestBehindThePrefaceOfHttp2() throws IOException {
        String answer = Wire.readAll(proxy.connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED));

        assertThat(answer).doesNotContain("HTTP/1.1 ");
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    /** Refused as well; or the upstream gets the one request, spelt so that nobody can misread it. */
    @ParameterizedTest
    @MethodSource("oddities")
    void refusesOrPutsRightWhatIsOdd(String attack) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());

        String answer = Wire.readAll(
                proxy.connect().send(attack + SMUGGLED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));

        List<StrictRequest> seen = StrictRequest.allOf(proxy.upstream());
        if (statusOf(answer) != 200) {
            assertThat(statusOf(answer)).isIn(REFUSALS);
            assertThat(seen).isEmpty();
            return;
        }
        String body = attack.contains("\r\n\r\n0") || attack.contains("abc") ? "abc" : "";
        assertThat(seen.get(0).target()).startsWith("/intended");
        assertThat(seen.get(0).body()).isEqualTo(body);
        assertThat(seen.stream().map(StrictRequest::line).skip(1)).isSubsetOf("GET /smuggled");
    }

    /** The head has gone upstream by then; its body never ends there. */
    @ParameterizedTest
    @MethodSource("chunks")
    void neverEndsABodyWhoseChunksAreBroken(String chunks) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect().send(CHUNKED + chunks + SMUGGLED);
        client.halfClose();

        String answer = Wire.readAll(client);

        assertNothingWholeArrived(answer);
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void neverEndsItByteByByte(String chunks) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect().send(CHUNKED);
        proxy.upstream().takeRequest();

        if (chunks.length() < 1_000) {
            Wire.drip(client, chunks);
        } else {
            client.send(chunks);
        }
        Wire.drip(client, SMUGGLED);
        client.halfClose();

        assertNothingWholeArrived(Wire.readAll(client));
    }

    private void assertNothingWholeArrived(String answer) {
        assertThat(answer).doesNotContain("200");
        List<StrictRequest> seen = StrictRequest.allOf(proxy.upstream());
        assertThat(seen.stream().map(StrictRequest::line)).isSubsetOf("POST /intended");
        assertThat(seen.stream().filter(StrictRequest::isComplete)).isEmpty();
        assertThat(proxy.upstream().requests()).noneMatch(RecordedRequest::isComplete);
    }

    static Stream<Named<String>> validRequests() {
        String length = "POST /intended HTTP/1.1\r\nHost: x\r\n";
        String twoChunks = "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        return Stream.of(
                Named.of("chunk extension", CHUNKED + twoChunks.replace("A\r", "A;a=b\r")),
                Named.of("quoted chunk extension", CHUNKED + twoChunks.replace("A\r", "A;a=\"b;c 3\"\r")),
                Named.of("extension of the last chunk", CHUNKED + twoChunks.replace("\n0\r", "\n0;a=b\r")),
                Named.of("small hex digits", CHUNKED + twoChunks.replace("A", "a")),
                Named.of("zeros before the size", CHUNKED + twoChunks.replace("A", "0000A")),
                Named.of("many zeros as the last size", CHUNKED + twoChunks.replace("\r\n0\r", "\r\n00000\r")),
                Named.of("a trailer", CHUNKED + twoChunks.replace("\n0\r\n", "\n0\r\nA: b\r\n")),
                Named.of("CHUNKED", CHUNKED.replace("chunked", "CHUNKED") + twoChunks),
                Named.of("white space around chunked", CHUNKED.replace(" chunked", "\t chunked \t") + twoChunks),
                Named.of("empty lines first", "\r\n\r\n" + CHUNKED + twoChunks),
                Named.of("white space around the length", length + "Content-Length:\t 13 \r\n\r\nabc0123456789"),
                Named.of("no white space before the length", length + "CONTENT-LENGTH:13\r\n\r\nabc0123456789"),
                Named.of(
                        "length named by Connection",
                        length + "Connection: content-length, host\r\nContent-Length: 13\r\n\r\nabc0123456789"),
                Named.of(
                        "coding named by Connection",
                        CHUNKED.replace("Host", "Connection: transfer-encoding\r\nHost") + twoChunks));
    }

    @ParameterizedTest
    @MethodSource("validRequests")
    void forwardsWhatIsValidWithoutDoubt(String request) throws IOException {
        proxy.upstream().answer(any -> Answers.ok());
        RawClient client = proxy.connect().send(request + SMUGGLED);

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(client.readResponse().status()).isEqualTo(200);

        List<StrictRequest> seen = StrictRequest.allOf(proxy.upstream());
        assertThat(seen.stream().map(StrictRequest::line)).containsExactlyInAnyOrder("POST /intended", "GET /smuggled");
        assertThat(seen.stream().map(StrictRequest::body)).containsExactlyInAnyOrder("abc0123456789", "");
    }

    /** They may not turn into fields of the request (RFC 9110 §6.5.1). */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Host: elsewhere.example"})
    void passesOnNoTrailerThatFramesOrRoutes(String trailer) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());

        Wire.readAll(proxy.connect()
                .send(CHUNKED.replace("Host", "Connection: close\r\nHost") + "3\r\nabc\r\n0\r\n" + trailer
                        + "\r\n\r\n"));

        List<StrictRequest> seen = StrictRequest.allOf(proxy.upstream());
        assertThat(seen).hasSizeLessThanOrEqualTo(1);
    }

    /** The authority of the target is what counts, however it is dressed up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:///intended",
                "http://elsewhere.example/intended",
                "http://elsewhere.example#@UPSTREAM/intended",
                "http://elsewhere.example?@UPSTREAM/intended",
                "http://elsewhere.example\\@UPSTREAM/intended",
                "http://UPSTREAM@elsewhere.example/intended",
                "http://UPSTREAM.elsewhere.example/intended",
                "http://elsewhere.example:80\u00e9UPSTREAM/intended"
            })
    void goesNowhereElse(String target) throws IOException {
        String spelt = target.replace("UPSTREAM", proxy.upstream().authority());

        RawResponse response = proxy.connect()
                .send("GET " + spelt + " HTTP/1.1\r\nHost: " + proxy.upstream().authority() + "\r\n\r\n")
                .readResponse();

        assertThat(response.status()).isIn(400, 403);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    /** As RFC 9112 §3.2.2 says: the target counts, and the upstream is told one name only. */
    @ParameterizedTest
    @ValueSource(strings = {"elsewhere.example", "x", "localhost:1"})
    void followsTheTargetWhenHostSaysSomethingElse(String host) throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        String authority = proxy.upstream().authority();

        proxy.connect()
                .send("GET http://" + authority + "/intended HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .readResponse();

        StrictRequest seen = StrictRequest.allOf(proxy.upstream()).get(0);
        assertThat(seen.line()).isEqualTo("GET /intended");
        assertThat(seen.fieldLines()).contains("Host: " + authority);
    }
}
