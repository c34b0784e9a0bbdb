package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector of traces that does not work is told of, and bothers nobody. */
final class TraceFailureIT {
    private static final String REQUEST = "POST /v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

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

    private String proxyLog() throws IOException {
        return Files.readString(home.resolve("logs/proxy.log"));
    }

    private long linesWith(String text) {
        try (Stream<String> lines = Files.lines(home.resolve("logs/proxy.log"))) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tellsOnceThatACollectorIsAwayAndOnceThatItIsBack() throws Exception {
        upstream.answer(request -> Answers.ok());
        int port = collector.port();
        collector.close();
        try (LauncherProcess launcher = traced();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(REQUEST).readResponse();
            Eventually.await(
                    "the failure to be told", Duration.ofSeconds(20), () -> linesWith("cannot send traces") == 1);
            assertThat(proxyLog())
                    .contains("cannot send traces to http://127.0.0.1:" + port + "/v1/traces: nobody listens there");
            client.send(REQUEST).readResponse();

            collector = CollectorStub.start(port);
            Eventually.await("traces to go again", Duration.ofSeconds(30), () -> {
                ask(client);
                return linesWith("traces go to") == 1;
            });

            assertThat(linesWith("cannot send traces")).isEqualTo(1);
            assertThat(launcher.err().lines()).singleElement().asString().startsWith("WARN: cannot send traces");
        }
    }

    private static void ask(RawClient client) {
        try {
            client.send(REQUEST).readResponse();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tellsWhatACollectorAnswersThatIsNone() throws Exception {
        collector.answer(404);
        upstream.enqueue(Answers.ok());
        try (LauncherProcess launcher = traced();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);

            Eventually.await("the failure to be told", Duration.ofSeconds(20), () -> linesWith("it answers 404") == 1);
            assertThat(launcher.err().lines()).singleElement().asString().contains("it answers 404");
        }
    }

    @Test
    void stopsSoonBehindACollectorThatSaysNothing() throws Exception {
        collector.fallSilent();
        upstream.enqueue(Answers.ok(), Answers.ok());
        try (LauncherProcess launcher = traced();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);
            Eventually.await("the collector to be asked", Duration.ofSeconds(20), () -> !collector
                    .requests()
                    .isEmpty());
            assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);
            long toldAt = System.nanoTime();

            launcher.terminate();

            assertThat(launcher.awaitExit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - toldAt)).isLessThan(Duration.ofSeconds(5));
            assertThat(launcher.err()).isEmpty();
        }
    }

    @Test
    void sendsWhatIsLeftWhenItStops() throws Exception {
        upstream.enqueue(Answers.ok());
        try (LauncherProcess launcher = traced();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(REQUEST).readResponse();

            launcher.terminate();

            assertThat(launcher.awaitExit()).isZero();
            assertThat(collector.spans()).hasSize(1);
        }
    }

    @Test
    void givesUpNoStreamForSlowTraces() throws Exception {
        try (ServerSocket unaccepting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            upstream.answer(request -> Answers.ok());
            String endpoint = "http://127.0.0.1:" + unaccepting.getLocalPort();
            try (LauncherProcess launcher = LauncherProcess.forwarding(
                            home,
                            upstream.port(),
                            "--otel-exporter-otlp-endpoint",
                            endpoint,
                            "--otel-exporter-otlp-timeout",
                            "500");
                    RawClient client = RawClient.connect(launcher.awaitAddress())) {
                for (int i = 0; i < 200; i++) {
                    assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);
                }
                Eventually.await(
                        "the failure to be told", Duration.ofSeconds(20), () -> linesWith("no answer in time") == 1);
                launcher.terminate();
                assertThat(launcher.awaitExit()).isZero();
                assertThat(proxyLog()).containsPattern("traces lack \\d+ spans");
            }
        }
    }

    @Test
    void refusesAnEndpointThatIsNone() throws Exception {
        Files.writeString(home.resolve("config.env"), "#\nOTEL_EXPORTER_OTLP_ENDPOINT=collector:4318\n");

        try (LauncherProcess launcher = LauncherProcess.start(home, Map.of(), "run")) {
            assertThat(launcher.awaitExit()).isEqualTo(78);
            assertThat(launcher.err().lines()).singleElement().asString().contains("config.env:2", "collector:4318");
        }
    }
}
