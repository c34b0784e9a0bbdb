package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar tells a collector of each exchange. */
final class TraceIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + PARENT + "-01";
    private static final long SERVER = 2;
    private static final long ERROR = 2;
    private static final Pattern SENT = Pattern.compile("\r\ntraceparent: 00-(\\w{32})-(\\w{16})-(\\w{2})\r\n");

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private CollectorStub collector;

    @TempDir
    Path home;

    @BeforeEach
    void startCollector() throws IOException {
        collector = CollectorStub.start();
    }

    @AfterEach
    void close() {
        collector.close();
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    private LauncherProcess traced(String... more) throws IOException {
        return collector.traced(home, upstream.port(), more);
    }

    private static String request(String fields) {
        return "POST /v1/chat?key=s3cret HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer s3cret\r\n" + fields
                + "Content-Length: 2\r\n\r\n{}";
    }

    private OtlpSpan spanOf(String fields, Script answer, String... flags) throws IOException {
        upstream.enqueue(answer);
        try (LauncherProcess launcher = traced(flags);
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(request(fields)).readResponse();
            return collector.awaitSpans(1).get(0);
        }
    }

    private String proxyLog() throws IOException {
        return Files.readString(home.resolve("logs/proxy.log"));
    }

    @Test
    void tellsWhatTheTrafficWas() throws Exception {
        Gate gate = Gate.named("next event");
        gate.openForGood();
        upstream.enqueue(VendorApi.ANTHROPIC_MESSAGES.gatedStream(gate));
        try (LauncherProcess launcher = traced("--otel-exporter-otlp-headers", "api-key=s3%20cret")) {
            InetSocketAddress address = launcher.awaitAddress();
            try (RawClient client = RawClient.connect(address)) {
                client.send(request("")).readResponse();
            }
            OtlpSpan span = collector.awaitSpans(1).get(0);

            assertThat(span.name()).isEqualTo("POST");
            assertThat(span.kind()).isEqualTo(SERVER);
            assertThat(span.parentId()).isEmpty();
            assertThat(span.status()).isZero();
            assertThat(span.attributes())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("url.path", "/v1/chat")
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", (long) address.getPort())
                    .containsEntry("client.address", "127.0.0.1")
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("http.response.status_code", 200L)
                    .containsEntry("http.request.body.size", 2L)
                    .containsEntry("gen_ai.response.model", "claude-haiku-4-5-20251001")
                    .containsEntry("gen_ai.usage.input_tokens", 14L)
                    .containsEntry("gen_ai.usage.output_tokens", 9L)
                    .containsEntry("ai_proxy.outcome", "completed")
                    .containsEntry("ai_proxy.verdict", "complete")
                    .doesNotContainKey("error.type");
            assertThat(span.events().keySet())
                    .containsExactly(
                            "ai_proxy.request_sent",
                            "ai_proxy.response_head",
                            "ai_proxy.first_byte",
                            "ai_proxy.first_token",
                            "ai_proxy.last_byte");
            assertThat(List.copyOf(span.events().values())).isSorted().allSatisfy(time -> assertThat(time)
                    .isBetween(span.begin(), span.end()));
            assertThat(span.resource()).containsEntry("service.name", "ai-proxy");
            assertThat(collector.requests()).containsExactly("POST /v1/traces application/x-protobuf s3 cret");
            assertThat(span.toString()).doesNotContain("s3cret");
            assertThat(launcher.err()).isEmpty();
            assertThat(proxyLog()).doesNotContain("s3");
        }
    }

    @Test
    void isTheChildOfTheClientsSpanAndAddsNothingToTheRequest() throws Exception {
        String fields = "TraceParent:  " + TRACEPARENT + "\r\ntracestate:a=1 ,b=2\r\n";

        OtlpSpan span = spanOf(fields, Answers.ok());

        assertThat(span.traceId()).isEqualTo(TRACE);
        assertThat(span.parentId()).isEqualTo(PARENT);
        assertThat(span.traceState()).isEqualTo("a=1,b=2");
        assertThat(upstream.takeRequest().connection().rawText())
                .isEqualTo(request(fields).replace("Host: x", "Host: " + upstream.authority()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "traceparent: 00-" + TRACE + "-0000000000000000-01\r\n",
                "traceparent: nonsense\r\n",
                "traceparent: " + TRACEPARENT + "\r\ntraceparent: " + TRACEPARENT + "\r\n"
            })
    void beginsATraceWhereTheClientHasNone(String fields) throws Exception {
        OtlpSpan span = spanOf(fields, Answers.ok());

        assertThat(span.parentId()).isEmpty();
        assertThat(span.traceId()).isNotEqualTo(TRACE);
    }

    @Test
    void keepsQuietOfWhatTheClientDoesNotSample() throws Exception {
        upstream.enqueue(Answers.ok(), Answers.ok());
        try (LauncherProcess launcher = traced("--trace-propagation", "on");
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(request("traceparent: 00-" + TRACE + "-" + PARENT + "-00\r\n"))
                    .readResponse();
            client.send(request("traceparent: " + TRACEPARENT + "\r\n")).readResponse();

            collector.awaitSpans(1);
            assertThat(upstream.takeRequest().head().text()).matches("(?s).*" + TRACE + "-\\w{16}-00\r\n.*");
            assertThat(upstream.takeRequest().head().text()).matches("(?s).*" + TRACE + "-\\w{16}-01\r\n.*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "traceparent: " + TRACEPARENT + "\r\n"})
    void isTheParentOfTheAiServersSpanIfItMay(String fields) throws Exception {
        OtlpSpan span = spanOf(fields, Answers.ok(), "--trace-propagation", "on");

        Matcher sent = SENT.matcher(upstream.takeRequest().head().text());
        assertThat(sent.find()).isTrue();
        assertThat(sent.group(1)).isEqualTo(span.traceId());
        assertThat(sent.group(2)).isEqualTo(span.id());
        assertThat(sent.group(3)).isEqualTo("01");
        assertThat(span.parentId()).isEqualTo(fields.isEmpty() ? "" : PARENT);
    }

    @Test
    void tellsOfWhatWentWrong() throws Exception {
        upstream.enqueue(Answers.cutChunks(1, new Step.Reset()), Answers.silence(), Answers.json(503, "{}"));
        try (LauncherProcess launcher = traced()) {
            InetSocketAddress address = launcher.awaitAddress();
            try (RawClient client = RawClient.connect(address)) {
                client.send(request("")).readToEnd();
            }
            upstream.takeRequest();
            OtlpSpan torn = collector.awaitSpans(1).get(0);
            assertThat(torn.status()).isEqualTo(ERROR);
            assertThat(torn.attribute("error.type")).isEqualTo("upstream_cut");
            assertThat(torn.attribute("ai_proxy.outcome")).isEqualTo("upstream_cut");

            try (RawClient client = RawClient.connect(address)) {
                client.send(request(""));
                upstream.takeRequest();
                client.reset();
            }
            OtlpSpan left = collector.awaitSpans(2).get(1);
            assertThat(left.status()).isZero();
            assertThat(left.attribute("error.type")).isEqualTo("client_gone");
            assertThat(left.attribute("http.response.status_code")).isNull();

            try (RawClient client = RawClient.connect(address)) {
                client.send(request("")).readResponse();
            }
            OtlpSpan failed = collector.awaitSpans(3).get(2);
            assertThat(failed.status()).isEqualTo(ERROR);
            assertThat(failed.attribute("error.type")).isEqualTo("503");

            try (RawClient client = RawClient.connect(address)) {
                client.send(
                                "GET http://elsewhere.example:81/a?key=s3cret HTTP/1.1\r\nHost: elsewhere.example:81\r\n\r\n")
                        .readResponse();
            }
            OtlpSpan refused = collector.awaitSpans(4).get(3);
            assertThat(refused.status()).isZero();
            assertThat(refused.attributes())
                    .containsEntry("error.type", "forward_not_allowed")
                    .containsEntry("ai_proxy.outcome", "refused")
                    .containsEntry("url.path", "/a");
        }
    }

    @Test
    void loadsNothingOfItWhereNobodyAsks() throws Exception {
        upstream.enqueue(Answers.ok());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Xlog:class+load:file=classes.txt", "-jar"));
        command.addAll(
                List.of(LauncherProcess.JAR.toString(), "run", "--listen-host", "127.0.0.1", "--listen-port", "0"));
        command.addAll(List.of("--target-host", "127.0.0.1", "--target-protocol", "http"));
        command.addAll(List.of("--target-port", String.valueOf(upstream.port())));
        try (LauncherProcess launcher = LauncherProcess.startProgram(command, home, Map.of());
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(request("traceparent: " + TRACEPARENT + "\r\n")).readResponse();
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();
        }

        assertThat(Files.readString(home.resolve("classes.txt")))
                .contains("dev.aiproxy.launcher.AccessLog")
                .doesNotContain("io.opentelemetry", "java.net.http");
    }

    @Test
    void takesTheEndpointFromTheEnvironment() throws Exception {
        upstream.enqueue(Answers.ok());
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.uri() + "/elsewhere",
                "OTEL_SERVICE_NAME", "front door",
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=te%20st",
                "TARGET_HOST", "127.0.0.1",
                "TARGET_PORT", String.valueOf(upstream.port()),
                "TARGET_PROTOCOL", "http",
                "LISTEN_HOST", "127.0.0.1",
                "LISTEN_PORT", "0");
        try (LauncherProcess launcher = LauncherProcess.start(home, environment, "run");
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(request("")).readResponse();

            assertThat(collector.awaitSpans(1).get(0).resource())
                    .containsEntry("service.name", "front door")
                    .containsEntry("deployment.environment.name", "te st");
            assertThat(collector.requests()).singleElement().asString().startsWith("POST /elsewhere ");
        }
    }
}
