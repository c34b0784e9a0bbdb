package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UpstreamSettingsTest {

    @TempDir
    private Path home;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet(
                        "two proxies",
                        "UPSTREAM_PROXY_FILE=proxy\nUPSTREAM_PROXY=http://me:s3cret@a.example:1",
                        "UPSTREAM_PROXY is 'http://***@a.example:1', must not be set together with UPSTREAM_PROXY_FILE;"
                                + " keep one of them"),
                argumentSet(
                        "a rule that is none",
                        "UPSTREAM_PROXY=http://a.example:1\nNO_PROXY=localhost,10.*",
                        "NO_PROXY is 'localhost,10.*', must be hosts separated by commas, each example.com, .example.com,"
                                + " host:port, an address, a block such as 10.0.0.0/8, or *, or empty for none: '10.*' is"
                                + " none"));
    }

    /** The setting that is wrong is the last one, which names its line. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhatIsWrongInOneLine(String lines, String message) throws IOException {
        Files.writeString(home.resolve("proxy"), "http://a.example:1");
        Files.writeString(home.resolve("config.env"), lines + "\n");

        Program.Result result = Program.in(home).run("run");

        int line = (int) lines.lines().count();
        assertThat(result.err()).isEqualTo("%s/config.env:%d: %s%n".formatted(home, line, message));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void showsTheProxyWithoutItsLogin() {
        Program.Result result = Program.in(home).run("config", "--upstream-proxy", "http://me:s3cret@a.example:1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("http://***@a.example:1").doesNotContain("s3cret");
    }
}
