package dev.aiproxy.it;

import java.util.List;

/** Valid messages to begin with. Text is ISO-8859-1, one character a byte. */
final class FuzzCorpus {

    /** Stands for the upstream's host and port, which differ from run to run. */
    static final String AUTHORITY = "upstream.example";

    /** What the upstream answers with the case's response. */
    static final String CASE = "/case";

    private static final String HOST = "Host: client.example\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private static final String GET =
            "GET /v1/models?a=%2F HTTP/1.1\r\n" + HOST + "Accept: */*\r\nAuthorization: Bearer x\r\n\r\n";
    private static final String POST = "POST /v1/chat HTTP/1.1\r\n" + HOST
            + "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"stream\": true}";
    private static final String UPLOAD = "POST /v1/files HTTP/1.1\r\n" + HOST + CHUNKED
            + "\r\n3\r\nabc\r\nA;a=b\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";

    /** Requests, one or more to a text. */
    static final List<String> REQUESTS = List.of(
            GET,
            POST,
            UPLOAD,
            "POST /v1/chat HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "GET /old HTTP/1.0\r\n" + HOST + "\r\n",
            "GET /old HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n",
            "GET http://" + AUTHORITY + "/v1/models HTTP/1.1\r\nHost: " + AUTHORITY + "\r\n\r\n",
            "HEAD /v1/models HTTP/1.1\r\n" + HOST + "\r\n",
            "DELETE /v1/files/1 HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}",
            "OPTIONS * HTTP/1.1\r\n" + HOST + "Connection: close, X-Hop\r\nX-Hop: 1\r\n\r\n",
            GET + POST,
            POST + GET,
            UPLOAD + GET,
            UPLOAD + UPLOAD,
            "POST /v1/chat HTTP/1.1\r\n" + HOST + "Content-Length: " + GET.length() + "\r\n\r\n" + GET + GET);

    /** Requests whose answer is the case's response: one each, on a connection that ends with it. */
    static final List<String> PLAIN_REQUESTS = List.of(
            "GET " + CASE + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
            "POST " + CASE + " HTTP/1.1\r\n" + HOST + "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
            "POST " + CASE + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n" + CHUNKED + "\r\n1\r\na\r\n0\r\n\r\n",
            "GET " + CASE + " HTTP/1.0\r\n" + HOST + "\r\n",
            "HEAD " + CASE + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");

    /** Responses, interim heads included. */
    static final List<String> RESPONSES = List.of(
            OK + "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"answer\": 42",
            OK + "Content-Type: text/event-stream\r\n" + CHUNKED
                    + "\r\n9\r\ndata: 1\n\n\r\n9;a=b\r\ndata: 2\n\n\r\n0\r\nX-Sum: 2\r\n\r\n",
            OK + "Content-Type: text/plain\r\n\r\nas long as the connection",
            OK + "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + "Content-Length: 5\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK + CHUNKED + "\r\n1\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 12\r\n\r\n",
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nslow",
            "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold",
            OK + "Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n");

    /** What parsers stumble over. */
    static final List<String> TOKENS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\u0000",
            " ",
            "\t",
            ":",
            ": ",
            ";",
            ",",
            "\u007f",
            "\u0080",
            "\u00a0",
            "\u00ff",
            "%2e%2e/",
            "//",
            "?",
            "#",
            "http://",
            "0\r\n\r\n",
            "1\r\na\r\n",
            "ffffffffffffffff\r\n",
            ";a=\"\r\n\"",
            "chunked",
            "Content-Length: 3\r\n",
            "Content-Length: 0\r\n",
            CHUNKED,
            "Transfer-Encoding: identity\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive\r\n",
            "Connection: content-length, host\r\n",
            "Upgrade: websocket\r\nConnection: Upgrade\r\n",
            "Expect: 100-continue\r\n",
            "Expect: x\r\n",
            "Host: elsewhere.example\r\n",
            "Trailer: X-Sum\r\n",
            "X-Long: " + "v".repeat(4_000) + "\r\n",
            "HTTP/1.1",
            "HTTP/1.0",
            "HTTP/2.0",
            "CONNECT ",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 500 Bad\r\nContent-Length: 0\r\n\r\n",
            "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000");

    /** In place of a number. */
    static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "00000000000000000000001",
            "65536",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "ffffffff",
            "7fffffffffffffff",
            "-1",
            "+1",
            "1e1",
            "9".repeat(400));

    private FuzzCorpus() {}
}
