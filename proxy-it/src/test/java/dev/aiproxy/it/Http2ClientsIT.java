package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 with the clients that people have. */
final class Http2ClientsIT {
    private static final Path FOLDER = Path.of("target");
    private static final int BODY_BYTES = 5_000_000;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void assumeNghttp2() {
        assumeTrue(
                System.getenv("CI") != null || isOnPath("nghttp") && isOnPath("h2load"),
                "nghttp and h2load are not on the PATH");
    }

    private ClientProcess curl(String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--no-buffer", "--noproxy", "*"));
        command.addAll(List.of(more));
        return ClientProcess.start(FOLDER, command);
    }

    private ClientProcess curl(Transport transport, String path, String... more) {
        transport.of(proxy);
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add(transport.isSecure() ? "--http2" : "--http2-prior-knowledge");
        arguments.add(proxy.uri().toString().replace("127.0.0.1", "localhost") + path);
        return curl(arguments.toArray(String[]::new));
    }

    private static List<String> linesOf(ClientProcess process) {
        List<String> lines = new ArrayList<>();
        for (Optional<String> line = process.nextLine(); line.isPresent(); line = process.nextLine()) {
            lines.add(line.get());
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    void streamsToCurlEventByEvent(Transport transport) {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate));

        try (ClientProcess curl = curl(transport, "/v1/stream", "--write-out", "HTTP/%{http_version}")) {
            for (int number = 1; number <= 2; number++) {
                gate.open();
                assertThat(curl.nextLine()).contains(Answers.event(number).strip());
                assertThat(curl.nextLine()).contains("");
            }
            assertThat(linesOf(curl)).containsExactly("HTTP/2");
            assertThat(curl.awaitExit()).isZero();
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void tellsCurlOfATornStream(Transport transport) {
        Gate gate = Gate.named("cut");
        proxy.upstream().enqueue(Answers.cutChunks(1, Step.await(gate)).then(new Step.Fin()));

        try (ClientProcess curl = curl(transport, "/")) {
            assertThat(curl.nextLine()).contains(Answers.event(1).strip());
            gate.open();
            // CURLE_HTTP2_STREAM
            assertThat(curl.awaitExit()).isEqualTo(92);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesABigUploadFromCurl(Transport transport) throws IOException {
        Path file = Files.write(FOLDER.resolve("http2-upload"), new byte[BODY_BYTES]);
        proxy.upstream().enqueue(Answers.ok());

        try (ClientProcess curl = curl(transport, "/", "--data-binary", "@" + file.toAbsolutePath())) {
            assertThat(linesOf(curl)).containsExactly("{\"ok\":true}");
        }

        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.bodyBytes()).isEqualTo(BODY_BYTES);
        assertThat(request.head().value("content-length")).contains(Integer.toString(BODY_BYTES));
    }

    @Test
    void refusesHeadsThatAreTooLargeInJson() {
        proxy.with(builder -> builder.maxHeaderBytes(8 * 1024));

        try (ClientProcess curl = curl(
                Transport.TCP, "/", "--header", "X-Long: " + "x".repeat(8 * 1024), "--write-out", "%{http_code}")) {
            assertThat(String.join("", linesOf(curl)))
                    .contains("\"code\":\"header_too_large\"")
                    .endsWith("431");
        }
    }

    private HttpClient javaClient() {
        proxy.overTls(TestCertificates.get().trustingClient());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TestCertificates.get().trustingClient())
                .build();
    }

    private URI uri(String path) {
        return URI.create(proxy.uri().toString().replace("127.0.0.1", "localhost") + path);
    }

    @Test
    void streamsToJavaEventByEvent() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate));
        HttpClient client = javaClient();

        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(uri("/v1/stream")).build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (int number = 1; number <= 2; number++) {
                gate.open();
                assertThat(lines.readLine()).isEqualTo(Answers.event(number).strip());
                assertThat(lines.readLine()).isEmpty();
            }
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void tellsWhatPassesToJava() throws Exception {
        Gate gate = Gate.named("next event");
        gate.openForGood();
        proxy.upstream().enqueue(VendorApi.OPENAI_RESPONSES.gatedStream(gate));

        javaClient().send(HttpRequest.newBuilder(uri("/v1/responses")).build(), HttpResponse.BodyHandlers.ofString());

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.verdict()).contains(Verdict.COMPLETE);
        assertThat(end.answer().orElseThrow().inputTokens()).contains(11L);
        assertThat(end.answer().orElseThrow().tokenEvents()).isEqualTo(5);
    }

    @Test
    void stopsTheUpstreamWhenJavaCancels() throws Exception {
        proxy.upstream().enqueue(Answers.silence());
        HttpClient client = javaClient();

        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(HttpRequest.newBuilder(uri("/")).build(), HttpResponse.BodyHandlers.ofString());
        proxy.upstream().takeRequest();
        response.cancel(true);

        proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void tellsJavaOfATornStream() {
        proxy.upstream().enqueue(Answers.cutChunks(1, new Step.Reset()));
        HttpClient client = javaClient();

        assertThatThrownBy(() -> client.sendAsync(
                                HttpRequest.newBuilder(uri("/")).build(), HttpResponse.BodyHandlers.ofString())
                        .get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void takesUploadsOfUnknownLengthFromJava() throws Exception {
        proxy.upstream().enqueue(Answers.ok());
        HttpClient client = javaClient();
        HttpRequest.BodyPublisher body =
                HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY_BYTES]));

        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(uri("/")).POST(body).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("{\"ok\":true}");
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.bodyBytes()).isEqualTo(BODY_BYTES);
        assertThat(request.head().value("transfer-encoding")).contains("chunked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node:http2", "undici"})
    void streamsToNodeEventByEvent(String client, @TempDir Path folder) throws IOException {
        Gate gate = Gate.named("next event");
        proxy.overTls(TestCertificates.get().trustingClient());
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate));
        Path caFile = folder.resolve("ca.pem").toAbsolutePath();
        TestCertificates.write(caFile, List.of(TestCertificates.get().authority()));

        try (ClientProcess node = ClientProcess.start(
                NodeModules.installed(),
                List.of("node", "http2.mjs", client, uri("/v1/stream").toString(), caFile.toString()))) {
            for (int number = 1; number <= 2; number++) {
                gate.open();
                assertThat(node.nextLine()).contains(Answers.event(number).strip());
                assertThat(node.nextLine()).contains("");
            }
            assertThat(node.nextLine()).isEmpty();
            assertThat(node.awaitExit()).isZero();
        }
        // As the proxy spells it where the client has sent none; in HTTP/1.1, Node's clients do.
        assertThat(proxy.upstream().takeRequest().head().names().get(0)).isEqualTo("Host");
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void passesTrailersOnToNghttp(Transport transport) {
        assumeNghttp2();
        transport.of(proxy);
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                        .then(Step.chunk("body"), Step.lastChunk("X-Sum: 4")));

        try (ClientProcess nghttp = ClientProcess.start(
                FOLDER, List.of("nghttp", "--verbose", proxy.uri().toString()))) {
            assertThat(String.join("\n", linesOf(nghttp)))
                    .contains(":status: 200", "body", "x-sum: 4", "END_STREAM")
                    .doesNotContain("recv RST_STREAM");
        }
    }

    @ParameterizedTest
    @EnumSource
    void carriesManyStreamsOfH2load(Transport transport) {
        assumeNghttp2();
        transport.of(proxy);
        proxy.upstream().answer(request -> Answers.events(10));

        try (ClientProcess h2load = ClientProcess.start(
                FOLDER, List.of("h2load", "-n", "2000", "-c", "4", "-m", "100", proxy.uri() + "/v1/stream"))) {
            assertThat(String.join("\n", linesOf(h2load)))
                    .contains("2000 succeeded, 0 failed, 0 errored, 0 timeout", "2000 2xx");
        }
        proxy.listener().awaitEnd(2000);
    }
}
