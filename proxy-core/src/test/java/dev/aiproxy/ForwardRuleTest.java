package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule may look like; what it matches is in {@code ForwardRulesTest}. */
final class ForwardRuleTest {

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com",
        "' API.Example.com ', api.example.com",
        "api.example.com:8443, api.example.com:8443",
        "localhost, localhost",
        "192.0.2.1:99, 192.0.2.1:99",
        "[2001:DB8::1], [2001:db8::1]",
        "[::1]:99, [::1]:99",
        "*.example.com, *.example.com",
        "*.example.com:99, *.example.com:99",
        "*, *",
        "*:99, *:99"
    })
    void readsARule(String text, String rule) {
        assertThat(ForwardRule.of(text)).hasToString(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://a.example",
                "a.example/x",
                "me@a.example",
                "a.example.",
                ".example",
                "a..example",
                "a_b.example",
                "a.*.example",
                "*a.example",
                "**.example",
                "*.",
                "*.1",
                "127.1",
                "2130706433",
                "0x7f.1",
                "256.0.0.1",
                "::1",
                "[::1",
                "[::ffff:127.0.0.1]",
                "[fe80::1%lo]",
                "[a.example]",
                "a.example:",
                "a.example:x",
                "a.example:0",
                "a.example:65536",
                "a.example:-1"
            })
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ForwardRule.of(text))
                .withMessageContaining("forward rule");
    }
}
