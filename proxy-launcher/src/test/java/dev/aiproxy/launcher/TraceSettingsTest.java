package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TraceSettingsTest {

    private static final String ENDPOINT_RULE =
            ", must be a URL such as http://localhost:4318, without user info, query or fragment, or empty for none: ";
    private static final String HEADERS_RULE =
            "OTEL_EXPORTER_OTLP_HEADERS is '***', must be fields such as api-key=KEY, with commas between them, special"
                    + " characters of values as in %20, or empty for none: ";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318\n";

    @TempDir
    private Path home;

    private Settings settings(Map<String, String> environment) {
        return new SettingsLoader(home, environment).load(GivenFlags.none());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4318, , http://localhost:4318/v1/traces",
        "http://localhost:4318/, , http://localhost:4318/v1/traces",
        "https://otel.example/otlp, , https://otel.example/otlp/v1/traces",
        "http://localhost:4318, https://b.example/traces, https://b.example/traces",
        ", https://b.example, https://b.example"
    })
    void postsBelowTheEndpointUnlessItIsForTracesAlone(String endpoint, String forTraces, String posted) {
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint == null ? "" : endpoint,
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", forTraces == null ? "" : forTraces);

        assertThat(settings(environment).traces().orElseThrow().endpoint()).hasToString(posted);
    }

    @Test
    void goesByOpenTelemetrysDefaults() {
        TraceSettings traces = settings(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318",
                        "OTEL_TRACES_SAMPLER", "",
                        "OTEL_EXPORTER_OTLP_TIMEOUT", ""))
                .traces()
                .orElseThrow();

        assertThat(traces.sampler()).isEqualTo("parentbased_always_on");
        assertThat(traces.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(traces.ratio()).isEqualTo(1);
        assertThat(traces.headers()).isEmpty();
        assertThat(traces.resource()).containsEntry("service.name", "ai-proxy");
        assertThat(traces.propagates()).isFalse();
    }

    @Test
    void readsPairsWithTheirEscapes() {
        TraceSettings traces = settings(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318",
                        "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20YQ==, x=a+b,",
                        "OTEL_RESOURCE_ATTRIBUTES", "service.name=a, team=b%2Cc"))
                .traces()
                .orElseThrow();

        assertThat(traces.headers()).isEqualTo(Map.of("Authorization", "Basic YQ==", "x", "a+b"));
        assertThat(traces.resource()).containsEntry("service.name", "a").containsEntry("team", "b,c");
        assertThat(traces.toString()).doesNotContain("YQ==");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments(
                        "OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318",
                        "OTEL_EXPORTER_OTLP_ENDPOINT is 'localhost:4318'" + ENDPOINT_RULE
                                + "its scheme must be http or https"),
                arguments(
                        "OTEL_EXPORTER_OTLP_ENDPOINT=http://",
                        "OTEL_EXPORTER_OTLP_ENDPOINT is 'http://'" + ENDPOINT_RULE
                                + "it has characters that a URI has not"),
                arguments(
                        "OTEL_EXPORTER_OTLP_ENDPOINT=http:///v1",
                        "OTEL_EXPORTER_OTLP_ENDPOINT is 'http:///v1'" + ENDPOINT_RULE + "it must name a host"),
                arguments(
                        "OTEL_EXPORTER_OTLP_ENDPOINT=http://a:65536",
                        "OTEL_EXPORTER_OTLP_ENDPOINT is 'http://a:65536'" + ENDPOINT_RULE
                                + "its port must be from 1 to 65535"),
                arguments(
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://me:s3cret@a/?key=s3cret",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is 'http://***@a/?***'" + ENDPOINT_RULE
                                + "credentials belong into OTEL_EXPORTER_OTLP_HEADERS"),
                arguments(ENDPOINT + "OTEL_EXPORTER_OTLP_HEADERS=s3cret", HEADERS_RULE + "one has no name"),
                arguments(
                        ENDPOINT + "OTEL_EXPORTER_OTLP_HEADERS=a=s3cret%2",
                        HEADERS_RULE + "one has a percent sign that begins no escape"),
                arguments(ENDPOINT + "OTEL_EXPORTER_OTLP_HEADERS=a b=s3cret", HEADERS_RULE + "one cannot be sent"),
                arguments(ENDPOINT + "OTEL_EXPORTER_OTLP_HEADERS=a=s3cret%0d%0a", HEADERS_RULE + "one cannot be sent"),
                arguments(
                        ENDPOINT + "OTEL_EXPORTER_OTLP_TIMEOUT=10s",
                        "OTEL_EXPORTER_OTLP_TIMEOUT is '10s', must be a whole number of milliseconds from 1 to 600000"),
                arguments(
                        ENDPOINT + "OTEL_TRACES_SAMPLER=xray",
                        "OTEL_TRACES_SAMPLER is 'xray', must be one of always_on, always_off, traceidratio,"
                                + " parentbased_always_on, parentbased_always_off, parentbased_traceidratio"),
                arguments(
                        ENDPOINT + "OTEL_TRACES_SAMPLER_ARG=1.5",
                        "OTEL_TRACES_SAMPLER_ARG is '1.5', must be a number from 0 to 1, or empty for 1"),
                arguments("TRACE_PROPAGATION=yes", "TRACE_PROPAGATION is 'yes', must be off or on"));
    }

    /** The setting that is wrong is the last one, which names its line. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhatIsWrongInOneLine(String lines, String message) throws IOException {
        Files.writeString(home.resolve("config.env"), lines + "\n");

        Program.Result result = Program.in(home).run("run");

        int line = (int) lines.lines().count();
        assertThat(result.err()).isEqualTo("%s/config.env:%d: ".formatted(home, line) + message + "\n");
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void leavesAloneWhatIsMeantForOtherPrograms() {
        Map<String, String> environment = Map.of(
                "OTEL_TRACES_SAMPLER", "xray",
                "OTEL_EXPORTER_OTLP_HEADERS", "nonsense",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "10s");

        assertThat(settings(environment).traces()).isEmpty();
    }

    @Test
    void showsNoHeader() {
        Program.Result result = Program.in(home)
                .with(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret"))
                .run("config");

        assertThat(result.out()).contains("OTEL_EXPORTER_OTLP_HEADERS").doesNotContain("s3cret");
    }

    @Test
    void warnsOfPropagationWithoutTraces() {
        assertThat(settings(Map.of("TRACE_PROPAGATION", "on")).warnings())
                .containsExactly("warning: TRACE_PROPAGATION=on does nothing without OTEL_EXPORTER_OTLP_ENDPOINT");
    }
}
