package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TargetMaskTest {

    private final TargetMask mask = new TargetMask();

    private String masked(String bytes) {
        String before = "/read.before ";
        ByteBuffer buffer = ByteBuffer.wrap((before + bytes).getBytes(StandardCharsets.ISO_8859_1));
        mask.apply(buffer, bytes.length());
        String after = new String(buffer.array(), StandardCharsets.ISO_8859_1);
        assertThat(after).startsWith(before);
        return after.substring(before.length());
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                argumentSet("dots", "GET /../a.b HTTP/1.1\r\n", "GET /__/a_b HTTP/1.1\r\n"),
                argumentSet("escapes", "GET /%zz?%00 HTTP/1.1\r\n", "GET /_zz?_00 HTTP/1.1\r\n"),
                argumentSet("no ASCII", "GET /\u00ff HTTP/1.1\r\n", "GET /_ HTTP/1.1\r\n"),
                argumentSet("other odd characters", "GET //{|}\\^;=& HTTP/1.1\r\n", "GET //{|}\\^;=& HTTP/1.1\r\n"),
                argumentSet("fields", "GET / HTTP/1.1\r\nA: /%.\u00ff\r\n", "GET / HTTP/1.1\r\nA: /%.\u00ff\r\n"),
                argumentSet("empty lines first", "\r\n\r\nGET /. HTTP/1.1\r\n", "\r\n\r\nGET /_ HTTP/1.1\r\n"),
                argumentSet("absolute-form", "GET http://a.b/%2e HTTP/1.1\r\n", "GET http://a.b/%2e HTTP/1.1\r\n"),
                argumentSet("authority-form", "CONNECT a.b:443 HTTP/1.1\r\n", "CONNECT a.b:443 HTTP/1.1\r\n"),
                argumentSet("asterisk-form", "OPTIONS * HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n"),
                argumentSet("a space ends it", "GET /a b. HTTP/1.1\r\n", "GET /a b. HTTP/1.1\r\n"),
                argumentSet("a line feed ends it", "GET /.\nA: /.\r\n", "GET /_\nA: /.\r\n"),
                argumentSet("a null ends it", "GET /.\u0000. HTTP/1.1\r\n", "GET /_\u0000. HTTP/1.1\r\n"),
                argumentSet("a control byte in the method", "G\tT /. HTTP/1.1\r\n", "G\tT /. HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void hidesOddBytesOfTheTargetAndNothingElse(String head, String expected) {
        assertThat(masked(head)).isEqualTo(expected);
    }

    @Test
    void goesOnWhereTheLastReadEnded() {
        assertThat(masked("GE") + masked("T ") + masked("/a.") + masked(".b HTTP/1.1\r\n") + masked("A: /.\r\n"))
                .isEqualTo("GET /a__b HTTP/1.1\r\nA: /.\r\n");
    }

    @Test
    void beginsAnewWithTheNextHead() {
        masked("GET /a HTTP/1.1\r\n\r\n");
        mask.reset();

        assertThat(masked("GET /b.c HTTP/1.1\r\n\r\n")).isEqualTo("GET /b_c HTTP/1.1\r\n\r\n");
    }
}
