package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTargetTest {

    private static String withoutTheBytes(String target) {
        return RequestTarget.originForm(HttpURI.build("GET", target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/chat/completions?stream=true",
                "/a%2Fb%2fc",
                "//v1//chat/",
                "/a/../b/./c",
                "/x?",
                "/x??a=?&&b==",
                "/x;x=1/y;z?a=1;b=2",
                "/a|b\"{x}[y]^`<z>\\",
                "/x?q=/../..//",
                "*"
            })
    void keepsAnOriginFormAsItIs(String target) {
        assertThat(withoutTheBytes(target)).isEqualTo(target);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "http://host, /",
        "http://host/, /",
        "http://host:81/a%2Fb?c, /a%2Fb?c",
        "http://host?a=b, /?a=b",
        "https://user:password@host/x, /x"
    })
    void makesAnAbsoluteFormAnOriginForm(String target, String originForm) {
        assertThat(withoutTheBytes(target)).isEqualTo(originForm);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "http://host, true",
        "HTTPS://host:81, true",
        "http://host/, false",
        "http://host?, false",
        "http://host?a, false",
        "/, false",
        "*, false"
    })
    void knowsAnAbsoluteFormWithoutPathAndQuery(String target, boolean isServerAlone) {
        assertThat(RequestTarget.namesServerAlone(target)).isEqualTo(isServerAlone);
    }

    @Test
    void keepsAFragmentThatAClientShouldNotHaveSent() {
        assertThat(withoutTheBytes("/x?y#z")).isEqualTo("/x?y#z");
    }

    @Test
    void writesWhatWasUtf8AsTheSameBytes() {
        assertThat(withoutTheBytes("/caf\u00e9?q=\u20ac")).isEqualTo("/caf\u00c3\u00a9?q=\u00e2\u0082\u00ac");
    }

    @Test
    void knowsTargetsWhoseBytesAreLost() {
        assertThat(RequestTarget.isLossy(HttpURI.build("GET", "/a\uFFFDb"))).isTrue();
        assertThat(RequestTarget.isLossy(HttpURI.build("GET", "/caf\u00e9"))).isFalse();
    }

    @Test
    void knowsTargetsWithControlCharacters() {
        assertThat(RequestTarget.hasControl("/a\u007fb")).isTrue();
        assertThat(RequestTarget.hasControl("/a?b\tc")).isTrue();
        assertThat(RequestTarget.hasControl("/a|b?c=\u00e9")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/v1/chat?key=secret, /v1/chat", "/v1/chat, /v1/chat", "/?a?b, /", "*, *"})
    void logsThePathAlone(String target, String path) {
        assertThat(RequestTarget.loggedPath(target)).isEqualTo(path);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/x, ''",
        "/x?, ?",
        "/x?key=secret, ?key=",
        "/x?key=secret&stream=true, ?key=&stream=",
        "/x?secret, ?",
        "/x?a=1&secret&b=2, ?a=&&b=",
        "/x?a=se=cret, ?a="
    })
    void logsTheNamesInTheQueryButNoValue(String target, String names) {
        assertThat(RequestTarget.loggedQuery(target)).isEqualTo(names);
    }
}
