package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://ai.example:443, ai.example",
        "http://ai.example:80, ai.example",
        "http://ai.example:443, ai.example:443",
        "http://[::1]:11434, [::1]:11434"
    })
    void leavesTheSchemesOwnPortOutOfHost(URI uri, String hostField) {
        assertThat(Target.of(uri).hostField()).isEqualTo(hostField);
    }

    @ParameterizedTest(name = "{0}:{1}: {2}")
    @CsvSource({
        "ai.example, 443, true",
        "AI.Example, 443, true",
        "ai.example, 80, false",
        "ai.example.evil, 443, false",
        "evil.example, 443, false"
    })
    void knowsItsOwnName(String host, int port, boolean isThere) {
        Target target = Target.of(URI.create("https://ai.example:443"));

        assertThat(target.isAt(host, port)).isEqualTo(isThere);
    }
}
