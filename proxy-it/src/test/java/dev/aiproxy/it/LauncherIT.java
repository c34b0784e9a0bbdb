package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar that users run, as a process. */
final class LauncherIT {
    private static final int EX_CONFIG = 78;

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @AfterEach
    void close() {
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    private LauncherProcess run(int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--listen-host", "127.0.0.1"));
        arguments.addAll(List.of("--listen-port", String.valueOf(port)));
        arguments.addAll(List.of("--target-host", "127.0.0.1", "--target-protocol", "http"));
        arguments.addAll(List.of("--target-port", String.valueOf(upstream.port())));
        arguments.addAll(List.of(more));
        return LauncherProcess.start(home, Map.of(), arguments.toArray(String[]::new));
    }

    @SideBySide
    @Test
    void streamsAndDrainsWhenItIsTerminated() throws Exception {
        Gate gate = Gate.named("next event");
        upstream.enqueue(Answers.gatedEvents(2, gate));
        try (LauncherProcess launcher = run(0)) {
            InetSocketAddress address = launcher.awaitAddress();
            try (RawClient client = RawClient.connect(address)) {
                client.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
                gate.open();
                assertThat(client.readChunk()).isEqualTo(Answers.event(1));

                launcher.terminate();
                Eventually.await("new connections to be refused", () -> isRefused(address));
                assertThat(launcher.isAlive()).isTrue();
                gate.open();

                assertThat(client.readChunk()).isEqualTo(Answers.event(2));
                assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
            }
            assertThat(launcher.awaitExit()).isZero();
        }
    }

    private static boolean isRefused(InetSocketAddress address) {
        try {
            RawClient.connect(address).fin();
            return false;
        } catch (SocketException refused) {
            // Or reset, in the very moment in which the listener is closed.
            return true;
        } catch (IOException failure) {
            throw new AssertionError("neither accepted nor refused", failure);
        }
    }

    @SideBySide
    @Test
    void readsConfigEnvInItsFolder() throws Exception {
        Files.writeString(
                home.resolve("config.env"),
                "# the stub\nTARGET_HOST=127.0.0.1\nTARGET_PROTOCOL=http\nTARGET_PORT=" + upstream.port()
                        + "\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=1\n");
        upstream.enqueue(Answers.ok());
        try (LauncherProcess launcher = LauncherProcess.start(home, Map.of("LISTEN_PORT", "0"), "run");
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();
        }
    }

    @SideBySide
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LISTEN_PORT=abc",
                "LISTEN_PORT=65536",
                "TARGET_PROTOCOL=gopher",
                "TARGET_HOST=",
                "CONNECT_TIMEOUT=-1s",
                "MAX_STREAMS=0",
                "TARGET_CA_FILE=nowhere.pem",
                "NO_SUCH_KEY=1",
                "not a setting at all"
            })
    void refusesABadSettingWithOneLine(String line) throws Exception {
        Files.writeString(home.resolve("config.env"), "# comment\n" + line + "\n");

        try (LauncherProcess launcher = LauncherProcess.start(home, Map.of(), "run")) {
            assertThat(launcher.awaitExit()).isEqualTo(EX_CONFIG);
            assertThat(launcher.err().lines()).hasSize(1);
            assertThat(launcher.err()).contains("config.env").contains("2");
        }
    }

    @SideBySide
    @Test
    void failsWhenItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LauncherProcess launcher = run(taken.getLocalPort())) {
            assertThat(launcher.awaitExit()).isEqualTo(1);
            assertThat(launcher.err().lines()).hasSize(1);
            assertThat(launcher.err()).contains(String.valueOf(taken.getLocalPort()), "in use");
        }
    }

    @SideBySide
    @Test
    void showsTokensOneByOneInItsDemo() throws Exception {
        try (LauncherProcess launcher = LauncherProcess.start(home, Map.of(), "demo", "--once", "--port", "0")) {
            assertThat(launcher.awaitExit()).as(launcher.err()).isZero();
            List<Integer> times = new ArrayList<>();
            Matcher time = Pattern.compile("\\+ *(\\d+) ms").matcher(launcher.out());
            while (time.find()) {
                times.add(Integer.valueOf(time.group(1)));
            }
            assertThat(times).hasSizeGreaterThan(3).isSorted();
            assertThat(times.get(times.size() - 1) - times.get(0)).isGreaterThan(200);
        }
    }

    @SideBySide
    @Test
    void logsEachExchangeButNoCredential() throws Exception {
        upstream.enqueue(Answers.ok());
        try (LauncherProcess launcher = run(0, "--log-level", "debug");
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send("POST /v1/chat?key=s3cret HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer s3cret\r\n"
                            + "x-api-key: s3cret\r\napi-key: s3cret\r\nx-goog-api-key: s3cret\r\nCookie: a=s3cret\r\n"
                            + "Content-Length: 6\r\n\r\ns3cret")
                    .readResponse();
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();

            String accessLog = Files.readString(home.resolve("logs/access.log"));
            assertThat(accessLog.lines()).hasSize(1);
            assertThat(accessLog).contains("POST", "/v1/chat", "200");
            assertThat(launcher.out() + launcher.err()).doesNotContain("s3cret");
            try (Stream<Path> logs = Files.list(home.resolve("logs"))) {
                assertThat(logs).allSatisfy(log -> assertThat(log).content().doesNotContain("s3cret"));
            }
        }
    }
}
