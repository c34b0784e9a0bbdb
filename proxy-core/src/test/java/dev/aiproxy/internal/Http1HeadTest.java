package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class Http1HeadTest {

    private static final boolean STAYS_OPEN = false;
    private static final boolean CLOSES = true;

    private static String text(HeadWriter head) {
        return new String(head.toBytes(), StandardCharsets.ISO_8859_1);
    }

    private static HttpFields fields(String... namesAndValues) {
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    static Stream<Arguments> heads() {
        HttpVersion http11 = HttpVersion.HTTP_1_1;
        HttpVersion http10 = HttpVersion.HTTP_1_0;
        HttpFields length = fields("Content-Length", "5");
        HttpFields chunked = fields("Transfer-Encoding", "chunked");
        HttpFields both = fields("Content-Length", "5", "Transfer-Encoding", "chunked");
        return Stream.of(
                argumentSet("length", http11, BodyFraming.LENGTH, STAYS_OPEN, 200, length, "Content-Length: 5\r\n"),
                argumentSet(
                        "length, last on its connection",
                        http11,
                        BodyFraming.LENGTH,
                        CLOSES,
                        200,
                        length,
                        "Content-Length: 5\r\nConnection: close\r\n"),
                argumentSet(
                        "chunked stays chunked",
                        http11,
                        BodyFraming.CHUNKED,
                        STAYS_OPEN,
                        200,
                        chunked,
                        "Transfer-Encoding: chunked\r\n"),
                argumentSet(
                        "until close becomes chunked",
                        http11,
                        BodyFraming.CHUNKED,
                        STAYS_OPEN,
                        200,
                        fields("A", "1"),
                        "A: 1\r\nTransfer-Encoding: chunked\r\n"),
                argumentSet(
                        "no length beside chunked",
                        http11,
                        BodyFraming.CHUNKED,
                        STAYS_OPEN,
                        200,
                        both,
                        "Transfer-Encoding: chunked\r\n"),
                argumentSet("chunked to HTTP/1.0", http10, BodyFraming.CLOSE, CLOSES, 200, chunked, ""),
                argumentSet(
                        "HTTP/1.0 that stays open",
                        http10,
                        BodyFraming.LENGTH,
                        STAYS_OPEN,
                        200,
                        length,
                        "Content-Length: 5\r\nConnection: keep-alive\r\n"),
                argumentSet(
                        "length of what HEAD did not ask for",
                        http11,
                        BodyFraming.NONE,
                        STAYS_OPEN,
                        200,
                        length,
                        "Content-Length: 5\r\n"),
                argumentSet(
                        "coding of what HEAD did not ask for",
                        http11,
                        BodyFraming.NONE,
                        STAYS_OPEN,
                        200,
                        chunked,
                        "Transfer-Encoding: chunked\r\n"),
                argumentSet("no coding with 204", http11, BodyFraming.NONE, STAYS_OPEN, 204, chunked, ""),
                argumentSet(
                        "fields of the upstream's connection end",
                        http11,
                        BodyFraming.LENGTH,
                        STAYS_OPEN,
                        200,
                        fields(
                                "Connection", "close, X-Hop",
                                "Keep-Alive", "timeout=5",
                                "X-Hop", "1",
                                "Content-Length", "0",
                                "x-kept", "2",
                                "Set-Cookie", "a=1",
                                "Set-Cookie", "b=2"),
                        "Content-Length: 0\r\nx-kept: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void writesWhatCameLessWhatEndsHere(
            HttpVersion version, BodyFraming framing, boolean closes, int status, HttpFields fields, String expected) {
        ResponseHead head = new ResponseHead(status, "Fine", fields, null, false);

        assertThat(text(new Http1Head(version, framing, closes).of(head)))
                .isEqualTo("HTTP/1.1 " + status + " Fine\r\n" + expected + "\r\n");
    }

    @Test
    void copiesFieldsAsTheyWereOnTheWire() {
        byte[] wire = "HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\nX-Odd:  1 \r\nConnection: x\r\nX-High:\u00e9\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        HttpFields fields = fields("Content-Length", "5", "X-Odd", "1", "Connection", "x", "X-High", "\u00e9");
        RawHead raw = RawHead.of(wire, 0, wire.length, fields);

        HeadWriter head = new Http1Head(HttpVersion.HTTP_1_1, BodyFraming.LENGTH, STAYS_OPEN)
                .of(new ResponseHead(200, "OK", fields, raw, false));

        assertThat(text(head)).isEqualTo("HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\nX-Odd:  1 \r\nX-High:\u00e9\r\n\r\n");
    }

    @Test
    void keepsAnEmptyReason() {
        HeadWriter head = new Http1Head(HttpVersion.HTTP_1_1, BodyFraming.NONE, STAYS_OPEN)
                .of(new ResponseHead(299, "", HttpFields.EMPTY, null, false));

        assertThat(text(head)).isEqualTo("HTTP/1.1 299 \r\n\r\n");
    }

    @Test
    void addsNothingToAnInterimHead() {
        HeadWriter head = Http1Head.ofInterim(
                new ResponseHead(103, "Early Hints", fields("Link", "</a>", "TE", "x"), null, false));

        assertThat(text(head)).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    }

    @Test
    void leavesOutTheLengthOfAnInterimHead() {
        HeadWriter head = Http1Head.ofInterim(
                new ResponseHead(103, "Early Hints", fields("Content-Length", "0", "Link", "</a>"), null, false));

        assertThat(text(head)).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    }

    @Test
    void growsWithTheHead() {
        String value = "x".repeat(100_000);

        HeadWriter head = new HeadWriter().field("X-Big", value);

        assertThat(text(head)).isEqualTo("X-Big: " + value + "\r\n");
        assertThat(head.length()).isEqualTo(100_009);
    }
}
