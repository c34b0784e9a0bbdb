package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.eclipse.jetty.http.HttpURI;
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

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://ai.example/x, true",
        "https://AI.Example:443/x, true",
        "http://ai.example:443/x, true",
        "http://ai.example/x, false",
        "https://ai.example:444/x, false",
        "https://ai.example.evil/x, false",
        "https://ai.example@evil.example/x, false",
        "https://evil.example/ai.example:443, false"
    })
    void knowsItsOwnName(String requestTarget, boolean isNamed) {
        Target target = Target.of(URI.create("https://ai.example:443"));

        assertThat(target.isNamedBy(HttpURI.build("GET", requestTarget))).isEqualTo(isNamed);
    }
}
