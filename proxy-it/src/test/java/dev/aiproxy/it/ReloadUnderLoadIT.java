package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many reloads by SIGHUP, while many use the proxy. */
@Timeout(180)
final class ReloadUnderLoadIT {
    private static final int STREAMS = 500;
    private static final int RELOADS = 20;
    private static final int EVENTS = 20;
    private static final Duration PACE = Duration.ofMillis(500);
    private static final String ANN = "token-of-ann-0123456789";
    private static final String BOB = "token-of-bob-0123456789";
    /** A token for each of the two settings; whichever does not count goes on to the upstream. */
    private static final String TOKENS = "Authorization: Bearer " + ANN + "\r\nx-api-key: " + BOB + "\r\n";

    private static final String REQUEST =
            "POST /v1/small HTTP/1.1\r\nHost: x\r\n" + TOKENS + "Content-Length: 2\r\n\r\n{}";

    private final Gate end = Gate.named("end of the streams");
    private final ScriptedUpstream first = ScriptedUpstream.plain();
    private final ScriptedUpstream second = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @AfterEach
    void close() {
        first.close();
        second.close();
        assertThat(first.failures()).isEmpty();
        assertThat(second.failures()).isEmpty();
    }

    /** Counts on streams that begin before the first reload and end after the last. */
    @Test
    void losesNoRequestAndTearsNoStream() throws Exception {
        first.answer(request -> request.target().equals("/v1/stream") ? stream() : Answers.json(200, "first"));
        second.answer(request -> Answers.json(200, "second"));
        configure(0);
        try (LauncherProcess launcher = LauncherProcess.start(home, Map.of(), "run")) {
            InetSocketAddress address = launcher.awaitAddress();
            List<RawClient> streams = openStreams(address);
            try (SteadyRequests steady = SteadyRequests.start(address, REQUEST)) {
                int told = 0;
                for (int number = 1; number <= RELOADS; number++) {
                    steady.awaitMore(60);
                    if (number % 5 == 0) {
                        Files.writeString(home.resolve("config.env"), "MAX_STREAMS=many\n");
                        reload(launcher, ++told);
                    }
                    configure(number);
                    reload(launcher, ++told);
                    assertThat(answer(address)).isEqualTo(number % 2 == 0 ? "first" : "second");
                }
                steady.awaitMore(60);
                steady.stop();
                end.openForGood();

                assertThat(steady.failures()).isEmpty();
                assertThat(steady.answeredBy("first") + steady.answeredBy("second"))
                        .isEqualTo(steady.answered());
                assertThat(steady.answeredBy("first")).isPositive();
                assertThat(steady.answeredBy("second")).isPositive();
                assertWhole(streams);
                System.out.printf(
                        "%d reloads, %d streams, %d requests, %d skipped: 0 failed, 0 torn%n",
                        RELOADS, streams.size(), steady.answered(), steady.skipped());
            }
            String log = Files.readString(home.resolve("logs/proxy.log"));
            assertThat(log.lines().filter(line -> line.contains(" reloaded: TARGET_PORT ")))
                    .hasSize(RELOADS);
            assertThat(log.lines().filter(line -> line.contains("keeps the settings it has: ")))
                    .hasSize(RELOADS / 5);
            assertThat(log).doesNotContain(ANN, BOB);
        }
    }

    private static String event(int number) {
        return Answers.event(number);
    }

    private Script stream() {
        List<Step> steps = new ArrayList<>();
        for (int number = 1; number < EVENTS; number++) {
            steps.add(Step.chunk(event(number)));
            steps.add(new Step.Pause(PACE));
        }
        steps.add(Step.await(end));
        steps.add(Step.chunk(event(EVENTS)));
        return Answers.eventHead().then(steps).then(Step.lastChunk());
    }

    private static List<RawClient> openStreams(InetSocketAddress address) throws IOException {
        List<RawClient> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(RawClient.connectSmall(address)
                    .patience(SteadyRequests.LONG)
                    .send("GET /v1/stream HTTP/1.1\r\nHost: x\r\n" + TOKENS + "\r\n"));
        }
        for (RawClient stream : streams) {
            assertThat(stream.readHead().status()).isEqualTo(200);
            assertThat(stream.readChunk()).isEqualTo(event(1));
        }
        return streams;
    }

    private static void assertWhole(List<RawClient> streams) throws IOException {
        for (RawClient stream : streams) {
            for (int number = 2; number <= EVENTS; number++) {
                assertThat(stream.readChunk()).isEqualTo(event(number));
            }
            assertThat(stream.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
            stream.close();
        }
    }

    /** Settings that differ from those with the next number in target, tokens, limits and times; patient on a busy machine. */
    private void configure(int number) throws IOException {
        boolean isFirst = number % 2 == 0;
        Files.writeString(home.resolve("config.env"), """
                LISTEN_HOST=127.0.0.1
                LISTEN_PORT=0
                TARGET_PROTOCOL=http
                TARGET_HOST=127.0.0.1
                TARGET_PORT=%d
                PROXY_TOKENS=%s
                CONNECT_TIMEOUT=1m
                MAX_STREAMS=%d
                FIRST_BYTE_TIMEOUT=%ds
                """.formatted(
                        isFirst ? first.port() : second.port(),
                        isFirst ? "ann:" + ANN : "bob:" + BOB,
                        2000 + number,
                        60 + number));
    }

    private static String answer(InetSocketAddress address) throws IOException {
        try (RawClient client = RawClient.connect(address).patience(SteadyRequests.LONG)) {
            return client.send(REQUEST).readResponse().text();
        }
    }

    private void reload(LauncherProcess launcher, int number) throws Exception {
        launcher.signal("HUP");
        Eventually.await("reload " + number + " to end", SteadyRequests.LONG, () -> ended() >= number);
    }

    private int ended() {
        try {
            return Files.readAllLines(home.resolve("proxy.reload")).stream()
                    .filter(line -> line.startsWith("ended="))
                    .mapToInt(line -> Integer.parseInt(line.substring("ended=".length())))
                    .findFirst()
                    .orElse(0);
        } catch (IOException notThere) {
            return 0;
        }
    }
}
