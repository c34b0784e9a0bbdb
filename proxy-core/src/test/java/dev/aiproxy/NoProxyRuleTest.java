package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NoProxyRuleTest {

    @ParameterizedTest(name = "{0}: {1}:{2}")
    @CsvSource({
        "*, anything.example, 443",
        "*, [::1], 1",
        "example.com, example.com, 443",
        "example.com, a.b.example.com, 80",
        "EXAMPLE.com., example.com, 443",
        "example.com, example.com., 443",
        ".example.com, example.com, 443",
        "*.example.com, a.example.com, 443",
        "example.com:8443, a.example.com, 8443",
        "localhost, localhost, 11434",
        "my_host, my_host, 1",
        "192.0.2.1, 192.0.2.1, 443",
        "192.0.2.1:81, 192.0.2.1, 81",
        "10.0.0.0/8, 10.1.2.3, 443",
        "10.0.0.9/8, 10.1.2.3, 443",
        "192.0.2.128/25, 192.0.2.255, 443",
        "0.0.0.0/0, 8.8.8.8, 443",
        "2001:db8::1, [2001:DB8:0:0::1], 443",
        "[2001:db8::1]:81, [2001:db8::1], 81",
        "fd00::/8, [fd12::1], 443",
        "10.0.0.0/8:81, 10.1.2.3, 81"
    })
    void meansWhatCurlMeans(String rule, String host, int port) {
        assertThat(NoProxyRule.of(rule).matches(host.toLowerCase(Locale.ROOT), port))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}: not {1}:{2}")
    @CsvSource({
        "example.com, anexample.com, 443",
        "example.com, example.com.evil.example, 443",
        "example.com:8443, example.com, 443",
        "192.0.2.1, 192.0.2.10, 443",
        "192.0.2.1, a.192.0.2.1.example, 443",
        "10.0.0.0/8, 11.0.0.1, 443",
        "192.0.2.128/25, 192.0.2.127, 443",
        "0.0.0.0/0, [::1], 443",
        "0.0.0.0/0, a.example, 443",
        "fd00::/8, [fe80::1], 443",
        "[2001:db8::1]:81, [2001:db8::1], 80"
    })
    void meansNothingElse(String rule, String host, int port) {
        assertThat(NoProxyRule.of(rule).matches(host, port)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a b",
                "a*",
                "*a",
                "http://a",
                "a/b",
                "10.0.0.0/33",
                "10/8",
                "a:0",
                "a:99999",
                "fd00::/129",
                "[a.example]",
                "::x",
                "a:b"
            })
    void takesNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NoProxyRule.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a.example", "a.example:81", "10.0.0.0/8", "fd00::/8", "[2001:db8::1]:81"})
    void isWrittenAsItWasRead(String text) {
        assertThat(NoProxyRule.of(text)).hasToString(text);
    }
}
