package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client sees the response that the upstream made. */
final class ResponseTransparencyIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 206, 299, 300, 400, 401, 403, 404, 408, 417, 418, 429, 500, 502, 503, 529, 599, 999})
    void forwardsAnyStatus(int status) throws IOException {
        proxy.upstream().enqueue(Answers.json(status, "{\"s\":" + status + "}"));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo("{\"s\":" + status + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 Fine by me",
                "529 Site is overloaded",
                "404 ",
                "200 caf\u00e9",
                "404 not found",
                "200 \u00e9t\u00e9",
                "418 \tTab"
            })
    void forwardsTheReasonPhrase(String statusAndReason) throws IOException {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 " + statusAndReason, ""));

        MessageHead head = proxy.get("/").readHead();

        assertThat(head.startLine()).isEqualTo("HTTP/1.1 " + statusAndReason);
    }

    @Test
    void forwardsFieldsInOrderWithTheirCaseAndBytesAndAddsNone() throws IOException {
        List<String> fields = List.of(
                "x-request-id: 1",
                "content-type: text/plain;charset=UTF-8",
                "Set-Cookie: a=1; Path=/",
                "CACHE-control: no-store",
                "set-cookie: b=2",
                "X-Empty:",
                "X-Dup: 1",
                "x-dup: 2",
                "Set-Cookie: a=3",
                "X-Utf8: caf\u00c3\u00a9",
                "X-Latin1: caf\u00e9",
                "WWW-Authenticate: Bearer realm=\"x\"",
                "Access-Control-Allow-Origin: *",
                "Content-Length: 0");
        proxy.upstream().enqueue(Answers.headOnly("HTTP/1.1 200 OK", fields.toArray(String[]::new)));

        MessageHead head = proxy.get("/").readHead();

        assertThat(head.fieldLines().stream().map(line -> line.replaceFirst(": ?", ":")))
                .containsExactlyElementsOf(fields.stream()
                        .map(line -> line.replaceFirst(": ?", ":"))
                        .toList());
    }

    /** RFC 9112 §6.1: nobody can be sure of where such a message ends. */
    @Test
    void usesNoConnectionAgainThatHasHadChunksInHttp10() throws IOException {
        proxy.upstream().answer(request -> Answers.headOnly(
                        "HTTP/1.0 200 OK", "Connection: keep-alive", "Transfer-Encoding: chunked")
                .then(Step.chunk("whole"), Step.lastChunk()));
        RawClient client = proxy.connect();

        for (int number = 1; number <= 3; number++) {
            assertThat(client.send(proxy.getRequest("/")).readResponse().text()).isEqualTo("whole");
            proxy.upstream().awaitConnection(number).awaitEnd(Eventually.PATIENCE);
        }

        assertThat(proxy.upstream().connections()).hasSize(3);
    }

    @Test
    void keepsDateAndServerOfTheUpstream() throws IOException {
        String date = "Date: Tue, 15 Nov 1994 08:12:31 GMT";
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", "", date, "Server: theirs/1"));

        MessageHead head = proxy.get("/").readHead();

        assertThat(head.fieldLines("Date", "Server")).containsExactly(date, "Server: theirs/1");
    }

    @Test
    void endsHopByHopFieldsAndThoseConnectionNames() throws IOException {
        proxy.upstream()
                .enqueue(Answers.message(
                        "HTTP/1.1 200 OK",
                        "x",
                        "Connection: X-Mine",
                        "Keep-Alive: timeout=5",
                        "X-Mine: 1",
                        "Proxy-Connection: keep-alive",
                        "X-Kept: 2"));

        MessageHead head = proxy.get("/").readHead();

        assertThat(head.names()).containsExactly("X-Kept", "Content-Length");
    }

    @Test
    void keepsTheClientsConnectionWhenTheUpstreamClosesIts() throws IOException {
        proxy.upstream()
                .enqueue(
                        Answers.message("HTTP/1.1 200 OK", "x", "Connection: close")
                                .then(new Step.Fin()),
                        Answers.ok());
        RawClient client = proxy.get("/1");

        assertThat(client.readResponse().head().values("Connection")).isEmpty();
        client.send(proxy.getRequest("/2"));

        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void keepsAContentLength() throws IOException {
        String body = "x".repeat(200_000);
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", body));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.head().names()).containsExactly("Content-Length");
        assertThat(response.text()).isEqualTo(body);
    }

    @Test
    void keepsAChunkedBodyChunkedWithItsTrailers() throws IOException {
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Trailer: X-Sum", "Transfer-Encoding: chunked")
                        .then(Step.chunk("abc"), Step.lastChunk("X-Sum: 1", "X-Two: 2")));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.head().values("Transfer-Encoding")).containsExactly("chunked");
        assertThat(response.head().values("Content-Length")).isEmpty();
        assertThat(response.text()).isEqualTo("abc");
        assertThat(response.trailers()).containsExactly("X-Sum: 1", "X-Two: 2");
    }

    @Test
    void keepsAnEmptyChunkedBodyChunked() throws IOException {
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                        .then(Step.lastChunk()));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.head().names()).containsExactly("Transfer-Encoding");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void leavesAnEncodedBodyAlone() throws IOException {
        String body = new String(Pattern.bytes(50_000), StandardCharsets.ISO_8859_1);
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", body, "Content-Encoding: gzip"));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.head().values("Content-Encoding")).containsExactly("gzip");
        assertThat(response.text()).isEqualTo(body);
    }

    @Test
    void forwardsHeadResponsesWithAndWithoutContentLength() throws IOException {
        proxy.upstream()
                .enqueue(
                        Answers.headOnly("HTTP/1.1 200 OK", "A: 1", "Content-Length: 1234"),
                        Answers.headOnly("HTTP/1.1 200 OK", "A: 2"),
                        Answers.headOnly("HTTP/1.1 200 OK", "A: 3", "Transfer-Encoding: chunked"),
                        Answers.ok());
        RawClient client = proxy.connect();
        String request = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";

        assertThat(client.send(request).readHead().fieldLines()).containsExactly("A: 1", "Content-Length: 1234");
        assertThat(client.send(request).readHead().fieldLines()).containsExactly("A: 2");
        assertThat(client.send(request).readHead().fieldLines()).containsExactly("A: 3", "Transfer-Encoding: chunked");
        assertThat(client.send(proxy.getRequest("/")).readResponse().text()).isEqualTo("{\"ok\":true}");
    }

    @Test
    void forwardsResponsesThatHaveNoBody() throws IOException {
        proxy.upstream()
                .enqueue(
                        Answers.headOnly("HTTP/1.1 204 No Content", "A: 1"),
                        Answers.headOnly("HTTP/1.1 304 Not Modified", "ETag: \"x\"", "Content-Length: 1234"),
                        Answers.headOnly("HTTP/1.1 304 Not Modified", "ETag: \"y\""),
                        Answers.ok());
        RawClient client = proxy.connect();
        String request = proxy.getRequest("/");

        assertThat(client.send(request).readHead().fieldLines()).containsExactly("A: 1");
        assertThat(client.send(request).readHead().fieldLines()).containsExactly("ETag: \"x\"", "Content-Length: 1234");
        assertThat(client.send(request).readHead().fieldLines()).containsExactly("ETag: \"y\"");
        assertThat(client.send(request).readResponse().text()).isEqualTo("{\"ok\":true}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void leavesRedirectsToTheClient(int status) throws IOException {
        String location = "Location: https://elsewhere.example/a%2Fb?c";
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 " + status + " Moved", "", location));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.head().fieldLines("Location")).containsExactly(location);
        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    @Test
    void forwardsTheWholeOfABodyThatEndsWithTheConnection() throws IOException {
        proxy.upstream().enqueue(Answers.closeDelimited("as long as it takes", new Step.Fin()));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.text()).isEqualTo("as long as it takes");
        assertThat(response.integrity()).isEqualTo(Integrity.WHOLE);
    }

    @Test
    void deliversResponsesWithAnOddConnectionField() throws IOException {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", "abc", "Connection: closg, X-\"op"));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("abc");
    }
}
