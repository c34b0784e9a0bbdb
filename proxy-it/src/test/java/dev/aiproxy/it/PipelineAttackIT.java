package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heads go on as they stood on the wire, so the proxy must never take one request's bytes for another's: neither what
 * stands between two requests, nor a body, nor where the network cuts, may put it out of step.
 */
final class PipelineAttackIT {
    private static final String HOST = "Host: x\r\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private static String post(String target, String body) {
        return "POST " + target + " HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String target, String body) {
        String size = Integer.toHexString(body.length());
        return "POST " + target + " HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + body
                + "\r\n0\r\n\r\n";
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private List<String> forwarded() {
        return StrictRequest.allOf(proxy.upstream()).stream()
                .map(request -> request.line() + " " + request.body())
                .toList();
    }

    /** What may stand before, between and behind requests in sloppy or hostile streams. */
    static Stream<Arguments> gaps() {
        List<Named<String>> gaps = List.of(
                Named.of("empty line", "\r\n"),
                Named.of("two empty lines", "\r\n\r\n"),
                Named.of("three empty lines", "\r\n\r\n\r\n"),
                Named.of("line feed", "\n"),
                Named.of("line feed, empty lines", "\n\r\n\r\n"),
                Named.of("carriage return, empty lines", "\r\r\n\r\n"),
                Named.of("colon, empty lines", ":\r\n\r\n"),
                Named.of("colon", ":"),
                Named.of("space", " "),
                Named.of("null", "\u0000"));
        List<Named<String>> firsts = List.of(
                Named.of("nothing", ""),
                Named.of("GET", get("/first")),
                Named.of("POST", post("/first", "abc")),
                Named.of("chunked", chunked("/first", "abc")));
        return firsts.stream().flatMap(first -> gaps.stream().map(gap -> Arguments.of(first, gap)));
    }

    /** The gap is swallowed, or the connection ends there; what was meant as a body is one. */
    @ParameterizedTest
    @MethodSource("gaps")
    void staysInStepWhateverStandsBetweenRequests(String first, String gap) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());

        RawClient client =
                proxy.connect().send(first + gap + post("/one", "") + post("/two", get("/smuggled")) + get("/last"));
        Wire.readAll(client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));

        List<String> meant = Stream.of(
                        first.isEmpty() ? "" : first.startsWith("GET") ? "GET /first " : "POST /first abc",
                        "POST /one ",
                        "POST /two " + get("/smuggled"),
                        "GET /last ",
                        "GET / ")
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> forwarded = forwarded();
        assertThat(forwarded)
                .containsExactlyInAnyOrderElementsOf(meant.subList(0, Math.min(meant.size(), forwarded.size())));
    }

    /** The head of the second comes together with the first's last chunk, its body later. */
    @Test
    void takesNoHeadFromTheBodyBehindAPipelinedHead() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        String decoy = "POST /decoy HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n";
        RawClient client = proxy.connect()
                .send(chunked("/one", "abc") + "POST /two HTTP/1.1\r\n" + HOST + "Content-Length: " + decoy.length()
                        + "\r\n\r\n");
        client.readResponse();
        proxy.upstream().takeRequest();
        proxy.upstream().takeRequest();

        client.send(decoy);
        client.readResponse();
        client.send(post("/three", get("/smuggled"))).readResponse();

        assertThat(forwarded())
                .containsExactlyInAnyOrder("POST /one abc", "POST /two " + decoy, "POST /three " + get("/smuggled"));
    }

    /** As above; but now it is the body that is looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"see /a.b%20c\u00ff", "x /../%2e%2e", "{\"url\": /v1.0/x}"})
    void leavesTheBodyBehindAPipelinedHeadAsItIs(String body) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect()
                .send(chunked("/one", "abc") + "POST /two HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length()
                        + "\r\n\r\n");
        client.readResponse();
        proxy.upstream().takeRequest();
        proxy.upstream().takeRequest();

        client.send(body).readResponse();

        assertThat(forwarded()).containsExactlyInAnyOrder("POST /one abc", "POST /two " + body);
    }

    /** Its beginning is read while the end of the body before it is looked for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 9, 14, 18, 30})
    void takesARequestWhoseBeginningCameBehindAChunkedBody(int beginningBytes) throws IOException {
        Gate gate = Gate.named("answer");
        proxy.upstream()
                .enqueue(Script.of(Step.await(gate), Step.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));
        proxy.upstream().enqueue(Answers.ok());
        String next = post("/next", "body");

        RawClient client = proxy.connect().send(chunked("/one", "abc") + next.substring(0, beginningBytes));
        proxy.upstream().takeRequest();
        gate.open();
        assertThat(client.readResponse().status()).isEqualTo(200);
        client.send(next.substring(beginningBytes));

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(forwarded()).containsExactly("POST /one abc", "POST /next body");
    }

    /** Wherever the network cuts, the requests stay the same. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 16, 23, 31, 47, 64})
    void readsTheSameRequestsWhereverTheStreamIsCut(int pieceBytes) throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        String stream = get("/one/a.b%2fc") + chunked("/two", "x /..%") + post("/three/x.y", "x /a.b") + "\r\n"
                + chunked("/four", get("/smuggled")) + get("/five?a=/%2e").replace("Host: x", "Host: x\r\nA: /b.c%d")
                + "GET /six HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        RawClient client = proxy.connect();
        for (int at = 0; at < stream.length(); at += pieceBytes) {
            client.send(stream.substring(at, Math.min(stream.length(), at + pieceBytes)));
        }
        Wire.readAll(client);

        assertThat(forwarded())
                .containsExactlyInAnyOrder(
                        "GET /one/a.b%2fc ",
                        "POST /two x /..%",
                        "POST /three/x.y x /a.b",
                        "POST /four " + get("/smuggled"),
                        "GET /five?a=/%2e ",
                        "GET /six ");
        assertThat(proxy.upstream().requests().get(4).head().value("A")).contains("/b.c%d");
    }
}
