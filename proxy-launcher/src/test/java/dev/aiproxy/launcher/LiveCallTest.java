package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCallTest {

    private static final Map<String, String> KEYS =
            Map.of("OPENAI_API_KEY", "sk-openai", "ANTHROPIC_API_KEY", "sk-anthropic");

    @TempDir
    private Path home;

    @Test
    void speaksTheApiOfTheTargetWithItsKeyAlone() {
        assertThat(LiveCall.to(target("api.openai.com"), KEYS, Optional.empty()).request())
                .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                .contains("\r\nAuthorization: Bearer sk-openai\r\n", "\"stream\":true")
                .doesNotContain("sk-anthropic");
        assertThat(LiveCall.to(target("api.anthropic.com"), KEYS, Optional.empty())
                        .request())
                .startsWith("POST /v1/messages HTTP/1.1\r\n")
                .contains("\r\nx-api-key: sk-anthropic\r\n", "\r\nanthropic-version: ", "\"max_tokens\":")
                .doesNotContain("sk-openai");
    }

    @Test
    void asksForTheModelThatIsNamed() {
        assertThat(LiveCall.to(target("localhost"), Map.of(), Optional.of("a\"b"))
                        .request())
                .contains("{\"model\":\"a\\\"b\",")
                .doesNotContain("Authorization");
    }

    @Test
    void sendsNoKeyThatWouldEndItsLine() {
        assertThat(LiveCall.to(target("localhost"), Map.of("OPENAI_API_KEY", "a\r\nEvil: 1"), Optional.empty())
                        .request())
                .doesNotContain("Evil");
    }

    @Test
    void showsNoKey() {
        assertThat(LiveCall.to(target("api.openai.com"), KEYS, Optional.empty()).toString())
                .doesNotContain("sk-openai");
    }

    @Test
    void tellsEventsThatFlowFromThoseThatComeAtOnce() {
        LiveCall call = LiveCall.to(target("localhost"), Map.of(), Optional.empty());

        assertThat(call.verdict(everyMillis(20)).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(call.verdict(everyMillis(0)).verdict()).isEqualTo(Finding.Verdict.WARN);
        assertThat(call.verdict(new TokenTimes(List.of())).found()).startsWith("0 events came: too few");
    }

    private static TokenTimes everyMillis(int pace) {
        return new TokenTimes(IntStream.range(0, 20)
                .mapToObj(number -> Duration.ofMillis(300 + (long) number * pace))
                .toList());
    }

    private Settings target(String host) {
        return new SettingsLoader(home, Map.of("TARGET_HOST", host))
                .load(new GivenFlags(Optional.empty(), Optional.empty(), Map.of()));
    }
}
