package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Http2ResponseSyntaxTest {

    @ParameterizedTest
    @ValueSource(ints = {100, 103, 200, 204, 304, 404, 599, 999})
    void takesAnyStatusButASwitch(int status) {
        assertThat(Http2ResponseSyntax.isMalformed(status, HttpFields.EMPTY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 101, 1000})
    void refusesWhatIsNoStatus(int status) {
        assertThat(Http2ResponseSyntax.isMalformed(status, HttpFields.EMPTY)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "x-a, 1, false",
        "x-a, '', false",
        "x-a, caf\u00e9, false",
        "'x a', 1, true",
        "'x:a', 1, true",
        "transfer-encoding, chunked, true",
        "content-length, 12, false",
        "content-length, +12, true",
        "content-length, '12, 12', true",
        "content-length, 1234567890123456789, true",
    })
    void judgesFields(String name, String value, boolean isMalformed) {
        HttpFields fields = HttpFields.build().add(name, value);

        assertThat(Http2ResponseSyntax.isMalformed(200, fields)).isEqualTo(isMalformed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b=c", "a\nb", "a\u0000", "\u007f"})
    void refusesValuesThatWouldBeMoreThanOneFieldInHttp1(String value) {
        HttpFields fields = HttpFields.build().add("x-a", value);

        assertThat(Http2ResponseSyntax.isMalformed(200, fields)).isTrue();
        assertThat(Http2ResponseSyntax.areMalformed(fields)).isTrue();
    }

    @Test
    void refusesTwoLengths() {
        HttpFields fields = HttpFields.build().add("content-length", "1").add("content-length", "1");

        assertThat(Http2ResponseSyntax.isMalformed(200, fields)).isTrue();
    }
}
