package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BodyFramingTest {

    @ParameterizedTest(name = "{0} {1} {2} to {3}: {4}")
    @CsvSource({
        "GET,  200, length,  HTTP_1_1, LENGTH",
        "GET,  200, length,  HTTP_1_0, LENGTH",
        "GET,  200, chunked, HTTP_1_1, CHUNKED",
        "GET,  200, chunked, HTTP_1_0, CLOSE",
        "GET,  200, both,    HTTP_1_1, CHUNKED",
        "GET,  200, both,    HTTP_1_0, CLOSE",
        "GET,  200, neither, HTTP_1_1, CHUNKED",
        "GET,  200, neither, HTTP_1_0, CLOSE",
        "POST, 500, neither, HTTP_1_1, CHUNKED",
        "HEAD, 200, length,  HTTP_1_1, NONE",
        "HEAD, 200, chunked, HTTP_1_1, NONE",
        "HEAD, 200, neither, HTTP_1_0, NONE",
        "GET,  204, neither, HTTP_1_1, NONE",
        "GET,  204, length,  HTTP_1_1, NONE",
        "GET,  304, length,  HTTP_1_1, NONE",
        "GET,  304, chunked, HTTP_1_0, NONE"
    })
    void tellsWhereABodyEnds(
            String method, int status, String framing, HttpVersion clientVersion, BodyFraming expected) {
        ResponseHead head = new ResponseHead(status, "", fields(framing), null, false);

        assertThat(BodyFraming.of(head, method, clientVersion)).isEqualTo(expected);
    }

    private static HttpFields fields(String framing) {
        HttpFields.Mutable fields = HttpFields.build();
        if (framing.equals("length") || framing.equals("both")) {
            fields.add("Content-Length", "5");
        }
        if (framing.equals("chunked") || framing.equals("both")) {
            fields.add("Transfer-Encoding", "chunked");
        }
        return fields;
    }
}
