package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.PortSharing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code restart} by the jar, with a client that does not notice; {@link RestartUnderLoadIT} has many. */
@Timeout(180)
final class RestartIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private int port;

    @TempDir
    Path home;

    @BeforeEach
    void configure() throws IOException {
        assumeThat(PortSharing.isSupported()).as("ports can be shared").isTrue();
        port = FreePort.any();
        configure("");
    }

    @AfterEach
    void stop() throws Exception {
        verb("stop", "--now");
        upstream.close();
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_PROTOCOL=http\nTARGET_HOST=127.0.0.1\nTARGET_PORT=" + upstream.port()
                        + "\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=" + port + "\n" + more);
    }

    private Verb verb(String... arguments) {
        return Verb.run(home, arguments);
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static long pid(Verb verb) {
        return Restarts.pid(verb.out() + verb.err());
    }

    @SideBySide
    @Test
    void letsTheOldProxyServeItsStreamsToTheirEndAndTellsSo() throws Exception {
        Gate gate = Gate.named("rest of the stream");
        upstream.answer(request -> request.target().equals("/stream") ? Answers.gatedEvents(1, gate) : Answers.ok());
        long old = pid(verb("start"));
        try (RawClient client = RawClient.connect(address())) {
            client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n").readHead();

            Verb restart = verb("restart");

            assertThat(restart.exitCode()).as(restart.err()).isZero();
            assertThat(restart.out())
                    .contains("PID " + old
                            + " accepts no more and ends with its connections, after 30 s at the latest; in flight: 1");
            assertThat(verb("check").out())
                    .startsWith("running as PID " + pid(restart))
                    .contains("PID " + old + " was restarted and ends with its connections; in flight: 1");
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(1));
            assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        }
        Eventually.await("the old process to end", LONG, () -> !Restarts.isAlive(old));
        assertThat(verb("check").exitCode()).isZero();
        assertThat(Restarts.stateFiles(home)).containsExactly(home.resolve("proxy.state"));
    }

    @SideBySide
    @Test
    void warnsOfFlagsThatAreNotGivenAgain() {
        long old = pid(verb("start", "--proxy-tokens", "ann:token-of-ann-0123456789", "--max-streams", "9"));

        Verb restart = verb("restart", "--max-streams", "9");

        assertThat(restart.exitCode()).isZero();
        assertThat(restart.err())
                .isEqualTo(
                        "warning: PID " + old + " had PROXY_TOKENS from flags or the environment, and the next one goes"
                                + " without; give it again, or put it into config.env\n");
    }

    @SideBySide
    @Test
    void servesTheNextRequestOnAnOpenConnectionOfTheOldProxy() throws Exception {
        upstream.answer(request -> Answers.ok());
        verb("start");
        try (RawClient client = RawClient.connect(address())) {
            client.send(REQUEST).readResponse();

            CompletableFuture<Verb> restart = CompletableFuture.supplyAsync(() -> verb("restart"));

            // Seldom used connections are closed: on a busy machine, a restart can take longer than that.
            RawResponse response = client.send(REQUEST).readResponse();
            while (response.head().values("Connection").isEmpty()) {
                assertThat(response.status()).isEqualTo(200);
                LockSupport.parkNanos(PAUSE.toNanos());
                response = client.send(REQUEST).readResponse();
            }
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.head().values("Connection")).containsExactly("close");
            assertThat(restart.get().exitCode()).isZero();
        }
    }

    @SideBySide
    @Test
    void stopsTheOldProxyTogetherWithTheNewOne() throws Exception {
        Gate gate = Gate.named("an event that never comes");
        upstream.answer(request -> Answers.gatedEvents(1, gate));
        long old = pid(verb("start"));
        try (RawClient client = RawClient.connect(address())) {
            client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
            long present = pid(verb("restart"));

            Verb stop = verb("stop", "--now");

            assertThat(stop.exitCode()).as(stop.err()).isZero();
            Eventually.await("both to end", LONG, () -> !Restarts.isAlive(old) && !Restarts.isAlive(present));
            assertThat(verb("check").exitCode()).isEqualTo(3);
        } finally {
            gate.open();
        }
    }

    @SideBySide
    @Test
    void leavesTheOldProxyAloneIfTheNewOneCannotStart() throws Exception {
        upstream.answer(request -> Answers.ok());
        long old = pid(verb("start"));
        Files.writeString(home.resolve("no-folder"), "");
        configure("LOG_DIR=no-folder/logs\n");

        Verb restart = verb("restart");

        assertThat(restart.exitCode()).as(restart.out()).isNotZero();
        assertThat(verb("check").out()).startsWith("running as PID " + old);
        try (RawClient client = RawClient.connect(address())) {
            assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);
        }
    }

    @SideBySide
    @Test
    void replacesAProxyThatHangs() throws Exception {
        upstream.answer(request -> Answers.ok());
        long old = pid(verb("start"));
        assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(old))
                        .start()
                        .waitFor())
                .isZero();

        Verb restart = verb("restart", "--now");

        assertThat(restart.exitCode()).as(restart.err()).isZero();
        Eventually.await("the old one to end", LONG, () -> !Restarts.isAlive(old));
        try (RawClient client = RawClient.connect(address())) {
            assertThat(client.send(REQUEST).readResponse().status()).isEqualTo(200);
        }
    }

    /** As if whoever restarts had been killed before it could decide. */
    @SideBySide
    @Test
    void refusesASecondSuccessor() throws Exception {
        verb("start");
        try (LauncherProcess first = LauncherProcess.start(home, Map.of(), "run", "--successor")) {
            first.awaitAddress();

            Verb restart = verb("restart");

            assertThat(restart.exitCode()).isEqualTo(1);
            assertThat(restart.err()).contains("another restart is under way");
        }
    }
}
