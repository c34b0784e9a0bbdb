package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upstream sees the request that the client made. */
final class RequestTransparencyIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/chat/completions?stream=true",
                "/a%2Fb",
                "/a%2fb%c3%a9",
                "/org%2Fmodel:predict",
                "//v1/chat",
                "/a//b",
                "/a/",
                "/a/../b",
                "/a/./b",
                "/x?",
                "/x??a=?",
                "/x?a&&b==",
                "/x;x=1/y;z",
                "/x?a=1;b=2",
                "/a|b",
                "/{x}",
                "/[x]",
                "/a\"b\"",
                "/a^b`c",
                "/a<b>",
                "/a\\b",
                "/a%5Cb",
                "/a+b%20c",
                "/a%25b",
                "/a%3Fb",
                "/~user/*'()!$,",
                "/x?q={\"a\":[1]}|\\^`",
                "/x?q=/../..//",
                "/WEB-INF/web.xml",
                "/caf\u00c3\u00a9?q=\u00c3\u00a9",
                "/v1/x:streamGenerateContent?alt=sse&key=k"
            })
    void forwardsTheTargetByteForByte(String target) throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawResponse response = proxy.get(target).readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().target()).isEqualTo(target);
    }

    @Test
    void forwardsOptionsOfTheServerItself() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect().send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();

        assertThat(proxy.upstream().takeRequest().head().startLine()).isEqualTo("OPTIONS * HTTP/1.1");
    }

    @Test
    void acceptsTheTargetInAbsoluteForm() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        String authority = proxy.upstream().authority();

        proxy.connect()
                .send("GET http://" + authority + "/a%2Fb?c HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
                .readResponse();

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.target()).isEqualTo("/a%2Fb?c");
        assertThat(request.head().values("Host")).containsExactly(authority);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET", "DELETE", "OPTIONS", "patch", "Post", "PROPFIND", "FOO", "M-SEARCH", "x!#$%&'*+.^_`|~"})
    void forwardsAnyMethodAsItIsWritten(String method) throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawResponse response =
                proxy.connect().send(method + " /a HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().method()).isEqualTo(method);
    }

    @Test
    void forwardsFieldsInOrderWithTheirCaseAndBytes() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        List<String> fields = List.of(
                "user-agent: Test/1",
                "AUTHORIZATION: Bearer secret",
                "x-api-key: k",
                "Accept: */*",
                "X-Dup: 1",
                "Cookie: a=1",
                "x-dup: 2",
                "Cookie: b=2",
                "X-Empty:",
                "X-DUP: 3",
                "X-Utf8: caf\u00c3\u00a9",
                "X-Latin1: caf\u00e9",
                "X-Quotes: \"a, b\"; c=\"\\\"\"",
                "aCCept-enCoding: gzip, br",
                "OpenAI-Beta: assistants=v2");

        proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", fields) + "\r\n\r\n")
                .readResponse();

        assertThat(withoutSpaceAfterColon(proxy.upstream().takeRequest().head(), "Host"))
                .isEqualTo(fields.stream()
                        .map(line -> line.replaceFirst(": ?", ":"))
                        .toList());
    }

    @Test
    void addsNoField() throws IOException {
        proxy.upstream().enqueue(Answers.ok(), Answers.ok());
        RawClient client = proxy.connect();

        client.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();
        client.send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                .readResponse();

        assertThat(proxy.upstream().takeRequest().head().names()).containsExactly("Host");
        assertThat(proxy.upstream().takeRequest().head().names()).containsExactlyInAnyOrder("Host", "Content-Length");
    }

    @Test
    void replacesHostAndNothingElse() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect()
                .send("GET / HTTP/1.1\r\nA: 1\r\nHost: proxy.example:8080\r\nOrigin: http://proxy.example\r\n\r\n")
                .readResponse();

        assertThat(proxy.upstream().takeRequest().head().fieldLines())
                .containsExactlyInAnyOrder(
                        "A: 1", "Host: " + proxy.upstream().authority(), "Origin: http://proxy.example");
    }

    @Test
    void endsHopByHopFieldsAndThoseConnectionNames() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Mine\r\nConnection: x-other\r\n"
                        + "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nX-Mine: 1\r\n"
                        + "X-Other: 2\r\nProxy-Authorization: Basic eA==\r\nX-Kept: 3\r\n\r\n")
                .readResponse();

        assertThat(proxy.upstream().takeRequest().head().names()).containsExactlyInAnyOrder("Host", "X-Kept");
    }

    @Test
    void keepsAContentLength() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        String body = "x".repeat(100_000);

        proxy.connect().send(proxy.postRequest("/", body)).readResponse();

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().values("Content-Length")).containsExactly("100000");
        assertThat(request.head().values("Transfer-Encoding")).isEmpty();
        assertThat(request.body()).isEqualTo(body);
    }

    @Test
    void keepsAContentLengthOfZero() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect().send(proxy.postRequest("/", "")).readResponse();

        assertThat(proxy.upstream().takeRequest().head().values("Content-Length"))
                .containsExactly("0");
    }

    @Test
    void keepsAChunkedBodyChunkedWithItsTrailers() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect()
                .send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
                .sendChunk("abc")
                .send("0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n")
                .readResponse();

        RecordedRequest request = proxy.upstream().takeRequest().awaitComplete();
        assertThat(request.head().values("Transfer-Encoding")).containsExactly("chunked");
        assertThat(request.head().values("Content-Length")).isEmpty();
        assertThat(request.body()).isEqualTo("abc");
        assertThat(request.trailers()).containsExactly("X-Sum: 1", "X-Two: 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "PROPFIND"})
    void forwardsTheBodyOfAnyMethod(String method) throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect()
                .send(method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
                .readResponse();

        assertThat(proxy.upstream().takeRequest().awaitComplete().body()).isEqualTo("body");
    }

    @Test
    void leavesAnEncodedBodyAlone() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        String body = new String(Pattern.bytes(5_000), StandardCharsets.ISO_8859_1);

        proxy.connect()
                .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n" + body)
                .readResponse();

        assertThat(proxy.upstream().takeRequest().body()).isEqualTo(body);
    }

    private static List<String> withoutSpaceAfterColon(MessageHead head, String but) {
        // RFC 9112 §5: the white space around a value is no part of it.
        return head.fieldLines().stream()
                .filter(line -> !line.startsWith(but + ":"))
                .map(line -> line.replaceFirst(": ?", ":"))
                .toList();
    }

    @Test
    void servesRequestsWithAnOddConnectionField() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawResponse response = proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nConnection: closg, X-\"op\r\nX-Other: 1\r\n\r\n")
                .readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().value("X-Other")).contains("1");
    }
}
