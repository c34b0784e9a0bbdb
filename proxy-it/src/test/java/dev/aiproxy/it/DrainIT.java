package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred streams when the end comes; and two hundred ends without a trace. */
final class DrainIT {
    private static final int STREAMS = 200;
    private static final int LIVES = 200;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private final Gate gate = Gate.named("rest of the streams");
    private final Map<RawClient, MessageHead> streams = new HashMap<>();

    @TempDir
    Path home;

    @AfterEach
    void close() throws IOException {
        for (RawClient client : streams.keySet()) {
            client.close();
        }
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    private void openStreams(InetSocketAddress address) throws IOException {
        upstream.answer(request -> Answers.gatedEvents(2, gate));
        for (int number = 0; number < STREAMS; number++) {
            RawClient client = RawClient.connect(address);
            client.send("POST /v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
            streams.put(client, client.readHead());
        }
    }

    private static boolean isRefused(InetSocketAddress address) {
        try {
            RawClient.connect(address).fin();
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException reset) {
            // Taken by the kernel while the listening socket was closing.
            return false;
        }
    }

    private long logged(String outcome) throws IOException {
        return Files.readAllLines(home.resolve("logs/access.log")).stream()
                .filter(line -> line.contains(" " + outcome + " "))
                .count();
    }

    /** As the launcher drains: it asks again and again. */
    @Test
    void letsAnUploadPauseForLongerThanAnIdleConnectionMayStay() throws Exception {
        upstream.enqueue(Answers.ok());
        try (ForwardProxy proxy = ForwardProxy.builder()
                        .target(upstream.uri())
                        .listen("127.0.0.1", 0)
                        .build()
                        .start();
                RawClient client = RawClient.connect(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12");
            Eventually.await("the request", () -> !proxy.inFlight().isEmpty());

            for (int time = 0; time < 25; time++) {
                assertThat(proxy.drain(Duration.ofMillis(100))).isFalse();
            }
            client.send("34");

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void letsTwoHundredStreamsEndWhenItIsTerminated() throws Exception {
        try (LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port(), "--drain-timeout", "20s")) {
            InetSocketAddress address = launcher.awaitAddress();
            openStreams(address);

            launcher.terminate();
            Eventually.await("new connections to be refused", () -> isRefused(address));
            assertThat(launcher.isAlive()).isTrue();
            gate.openForGood();

            for (Map.Entry<RawClient, MessageHead> stream : streams.entrySet()) {
                RawResponse response = stream.getKey().readRestOf(stream.getValue());
                assertThat(response.integrity()).isEqualTo(Integrity.WHOLE);
                assertThat(response.text()).isEqualTo(Answers.event(1) + Answers.event(2));
            }
            assertThat(launcher.awaitExit()).isZero();
            assertThat(logged("completed")).isEqualTo(STREAMS);
        }
    }

    @Test
    void tearsTheStreamsThatTheDrainTimeIsTooShortFor() throws Exception {
        try (LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port(), "--drain-timeout", "500ms")) {
            openStreams(launcher.awaitAddress());
            gate.open();

            launcher.terminate();

            for (Map.Entry<RawClient, MessageHead> stream : streams.entrySet()) {
                assertThat(stream.getKey().readRestOf(stream.getValue()).integrity())
                        .isIn(Integrity.CUT_BY_FIN, Integrity.CUT_BY_RST);
            }
            assertThat(launcher.awaitExit()).isZero();
            assertThat(launcher.err()).contains(STREAMS + " cut off");
            assertThat(logged("shut_down")).isEqualTo(STREAMS);
            Eventually.await("every upstream connection to be closed", () -> upstream.connections().stream()
                    .allMatch(connection -> connection.ending() != Ending.OPEN));
        }
    }

    @Test
    void hurriesWhenItIsTerminatedTwice() throws Exception {
        try (LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port(), "--drain-timeout", "1h")) {
            InetSocketAddress address = launcher.awaitAddress();
            openStreams(address);

            launcher.terminate();
            Eventually.await("new connections to be refused", () -> isRefused(address));
            launcher.terminate();

            assertThat(launcher.awaitExit()).isZero();
            assertThat(launcher.err()).contains(STREAMS + " cut off, since it was to stop now");
            assertThat(logged("shut_down")).isEqualTo(STREAMS);
        }
    }

    @Test
    void leavesNothingBehindAfterTwoHundredLives() throws Exception {
        upstream.answer(request -> Answers.ok());
        for (int life = 0; life < 10; life++) {
            liveOnce();
        }
        Runtime.getRuntime().gc();
        long files = openFiles();
        List<Thread> threads = List.copyOf(Thread.getAllStackTraces().keySet());

        for (int life = 0; life < LIVES; life++) {
            liveOnce();
        }

        Eventually.await(
                "the proxies' threads to end", () -> proxyThreads(threads).isEmpty());
        Eventually.await("the proxies' files to be closed, were " + files, () -> openFiles() <= files + 5);
    }

    @Test
    void registersNoShutdownHook() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShutdownHooks.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).contains("hooks before [], while it runs [], after []");
        assertThat(program.waitFor()).isZero();
    }

    private void liveOnce() throws IOException {
        try (ForwardProxy proxy = ForwardProxy.builder()
                        .target(upstream.uri())
                        .listen("127.0.0.1", 0)
                        .drainTimeout(Duration.ofMillis(100))
                        .build()
                        .start();
                RawClient client = RawClient.connect(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        Eventually.await("the upstream connections to end", () -> upstream.connections().stream()
                .allMatch(connection -> connection.ending() != Ending.OPEN));
    }

    private static List<String> proxyThreads(List<Thread> before) {
        List<String> left = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            // The upstream's, and those of JUnit.
            boolean isOfOthers = name.startsWith("upstream-") || name.startsWith("ForkJoinPool-");
            if (!before.contains(thread) && !isOfOthers) {
                left.add(name);
            }
        }
        return left;
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        } catch (IOException noProcFileSystem) {
            return 0;
        }
    }
}
