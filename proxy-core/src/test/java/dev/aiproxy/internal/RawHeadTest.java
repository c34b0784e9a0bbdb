package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RawHeadTest {

    private static final String HEAD = "GET /a HTTP/1.1\r\nhOST:x\r\nX-Odd:  1 \r\nX-Empty:\r\nX-High: \u00e9\r\n\r\n";

    private static RawHead rawHead(String wire, HttpFields fields) {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        return RawHead.of(bytes, 0, bytes.length, fields);
    }

    private static RawHead head() {
        return rawHead(HEAD, ParsedHead.of(HEAD).fields());
    }

    @Test
    void findsNamesAsTheyWereSpelt() {
        assertThat(head().name(0, 4)).isEqualTo("hOST");
    }

    @Test
    void copiesFieldsByteForByte() {
        HeadWriter copy = new HeadWriter();
        RawHead head = head();

        for (int field = 3; field >= 0; field--) {
            head.copyField(field, copy);
        }

        assertThat(new String(copy.toBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("X-High: \u00e9\r\nX-Empty:\r\nX-Odd:  1 \r\nhOST:x\r\n");
    }

    @Test
    void takesAHeadWithoutFields() {
        assertThat(rawHead("GET / HTTP/1.0\r\n\r\n", HttpFields.EMPTY)).isNotNull();
    }

    static Stream<Arguments> strangers() {
        HttpFields one = HttpFields.build().add("A", "1");
        HttpFields two = HttpFields.build().add("A", "1").add("B", "2");
        return Stream.of(
                argumentSet("a field less was parsed", "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n", one),
                argumentSet("a field more was parsed", "GET / HTTP/1.1\r\nA: 1\r\n\r\n", two),
                argumentSet("another name", "GET / HTTP/1.1\r\nX: 1\r\n\r\n", one),
                argumentSet("another value", "GET / HTTP/1.1\r\nA: 2\r\n\r\n", one),
                argumentSet("a longer value", "GET / HTTP/1.1\r\nA: 11\r\n\r\n", one),
                argumentSet(
                        "another case of the value",
                        "GET / HTTP/1.1\r\nA: x\r\n\r\n",
                        HttpFields.build().add("A", "X")),
                argumentSet("another order", "GET / HTTP/1.1\r\nB: 2\r\nA: 1\r\n\r\n", two),
                argumentSet("a longer name", "GET / HTTP/1.1\r\nAA: 1\r\n\r\n", one),
                argumentSet("space before the colon", "GET / HTTP/1.1\r\nA : 1\r\n\r\n", one),
                argumentSet("bytes behind the head", "GET / HTTP/1.1\r\nA: 1\r\n\r\nbody", one),
                argumentSet("bare line feeds", "GET / HTTP/1.1\nA: 1\n\n", one),
                argumentSet("nothing", "", HttpFields.EMPTY));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void refusesAHeadThatIsNotTheOneParsed(String wire, HttpFields fields) {
        assertThat(rawHead(wire, fields)).isNull();
    }
}
