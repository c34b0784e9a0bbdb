package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code start}, {@code stop}, {@code restart} and {@code check}, by the jar and as processes. */
@Timeout(120)
final class BackgroundIT {
    /** Of a JVM, on a machine that has much else to do. */
    private static final Duration A_FEW_STARTS = Duration.ofSeconds(30);

    private static final Pattern PID = Pattern.compile("PID (\\d+)");
    private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    @BeforeEach
    void configure() throws IOException {
        configure(home, "LISTEN_PORT=0\n");
    }

    @AfterEach
    void stop() throws Exception {
        verb("stop", "--now");
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    @SideBySide
    @Test
    void answersWhenStartReturnsAndGoesOnWithoutIt() throws Exception {
        upstream.enqueue(Answers.ok());

        Verb start = verb("start");

        assertThat(start.exitCode()).as(start.err()).isZero();
        assertThat(start.out()).startsWith("started as PID ");
        try (RawClient client = RawClient.connect(address(start))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(verb("check").exitCode()).isZero();
    }

    @SideBySide
    @Test
    void showsNoSecretToOthersOnTheMachine() throws Exception {
        upstream.enqueue(Answers.ok());

        Verb start = verb("start", "--target-api-key", "sk-of-the-flag", "--max-streams", "9");

        assertThat(start.exitCode()).as(start.err()).isZero();
        assertThat(ProcessHandle.of(pid(start))
                        .orElseThrow()
                        .info()
                        .commandLine()
                        .orElseThrow())
                .contains("--max-streams=9")
                .doesNotContain("sk-of-the-flag");
        try (RawClient client = RawClient.connect(address(start))) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();
        }
        assertThat(upstream.takeRequest().head().values("Authorization")).containsExactly("Bearer sk-of-the-flag");
    }

    @SideBySide
    @Test
    void tellsOfWhatIsOddAboutIt() throws Exception {
        Verb start = verb("start", "--target-tls-verify", "false");

        assertThat(start.exitCode()).isZero();
        assertThat(start.err()).startsWith("warning: TARGET_TLS_VERIFY=false: ").hasLineCount(1);
    }

    @SideBySide
    @Test
    void startsOnlyOnce() throws Exception {
        Verb first = verb("start");

        Verb second = verb("start");

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).startsWith("already running as PID " + pid(first) + ": ");
    }

    @SideBySide
    @Test
    void startsOneWhenItIsStartedTwiceAtOnce() throws Exception {
        try (LauncherProcess one = LauncherProcess.start(elsewhere, Map.of(), "start", "--home", home.toString());
                LauncherProcess other = LauncherProcess.start(home, Map.of(), "start")) {
            assertThat(one.awaitExit()).as(one.err()).isZero();
            assertThat(other.awaitExit()).as(other.err()).isZero();

            assertThat(pid(one.out())).isEqualTo(pid(other.out()));
        }
    }

    @SideBySide
    @Test
    void doesNotStartOnAPortOfSomebodyElseAndNamesThem() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure(home, "LISTEN_PORT=" + taken.getLocalPort() + "\n");

            Verb start = verb("start");

            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": address in use");
            assertThat(verb("check").exitCode()).isEqualTo(3);
        }
    }

    @SideBySide
    @Test
    void doesNotStartWithABadSetting() throws Exception {
        configure(home, "LISTEN_PORT=abc\n");

        Verb start = verb("start");

        assertThat(start.exitCode()).isEqualTo(78);
        assertThat(start.err().lines()).singleElement().asString().contains("config.env", "LISTEN_PORT", "abc");
    }

    @SideBySide
    @Test
    void runsOneForEachHome() throws Exception {
        configure(elsewhere, "LISTEN_PORT=0\n");
        Verb here = verb("start");

        Verb there = verb("start", "--home", elsewhere.toString());

        assertThat(pid(there)).isNotEqualTo(pid(here));
        assertThat(verb("stop", "--home", elsewhere.toString()).exitCode()).isZero();
        assertThat(verb("check", "--home", elsewhere.toString()).exitCode()).isEqualTo(3);
        assertThat(verb("check").exitCode()).isZero();
    }

    @SideBySide
    @Test
    void stopsWhenItsStreamsAreOverAndTellsWhatItWaitsFor() throws Exception {
        Gate gate = Gate.named("next event");
        upstream.enqueue(Answers.gatedEvents(2, gate));
        try (RawClient client = RawClient.connect(address(verb("start")))) {
            client.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(1));

            try (LauncherProcess stop = LauncherProcess.start(home, Map.of(), "stop")) {
                Eventually.await("stop to say what it waits for", A_FEW_STARTS, () -> stop.out()
                        .contains("waiting for 1 in flight, 30 s at most"));
                gate.open();

                assertThat(client.readChunk()).isEqualTo(Answers.event(2));
                assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
                assertThat(stop.awaitExit()).as(stop.err()).isZero();
                assertThat(stop.out()).endsWith("stopped\n");
            }
        }
    }

    @SideBySide
    @Test
    void cutsItsStreamsWhenItIsToldToStopNow() throws Exception {
        Gate gate = Gate.named("an event that never comes");
        upstream.enqueue(Answers.gatedEvents(1, gate));
        try (RawClient client = RawClient.connect(address(verb("start")))) {
            client.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n").readHead();

            Verb stop = verb("stop", "--now");

            assertThat(stop.exitCode()).as(stop.err()).isZero();
            assertThat(Files.readString(home.resolve("logs/access.log"))).contains(" shut_down ");
        } finally {
            gate.open();
        }
    }

    @SideBySide
    @Test
    void isFineWithNothingToStop() throws Exception {
        assertThat(verb("stop")).isEqualTo(new Verb(0, "not running in " + home + "\n", ""));
    }

    @SideBySide
    @Test
    void startsAgainAfterItWasKilled() throws Exception {
        kill(pid(verb("start")), "-KILL");
        Eventually.await("the lock to go", A_FEW_STARTS, () -> verb("check").exitCode() == 3);

        assertThat(verb("stop").out()).isEqualTo("not running in " + home + "\n");
        assertThat(verb("start").exitCode()).isZero();
    }

    @SideBySide
    @Test
    void leavesAProcessAloneThatHasTheNumberOfADeadProxy() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(home.resolve("proxy.state"), "pid=" + stranger.pid() + "\n");

            assertThat(verb("stop", "--now").out()).isEqualTo("not running in " + home + "\n");

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @SideBySide
    @Test
    void isEndedByStopNowEvenIfItHangs() throws Exception {
        long pid = pid(verb("start"));
        kill(pid, "-STOP");
        Verb check = verb("check");
        assertThat(check.out()).isEqualTo("PID " + pid + " runs, but does not answer\n");
        assertThat(check.exitCode()).isEqualTo(1);

        assertThat(verb("stop", "--now").exitCode()).isZero();

        assertThat(verb("check").exitCode()).isEqualTo(3);
    }

    @SideBySide
    @Test
    void outlivesTheTerminalItWasStartedIn() throws Exception {
        long pid = pid(verb("start"));

        kill(pid, "-HUP");
        kill(pid, "-INT");

        assertThat(verb("check").exitCode()).isZero();
    }

    @SideBySide
    @Test
    void followsTheLogOfAProxyThatRuns() throws Exception {
        Verb start = verb("start");
        try (LauncherProcess logs =
                        LauncherProcess.start(elsewhere, Map.of(), "logs", "access", "-f", "--home", home.toString());
                RawClient client = RawClient.connect(address(start))) {
            upstream.enqueue(Answers.ok());

            client.send("GET /followed HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();

            Eventually.await("the line of the request", A_FEW_STARTS, () -> logs.out()
                    .contains(" GET /followed 200 completed "));
            assertThat(logs.isAlive()).isTrue();
        }
    }

    @SideBySide
    @Test
    void restartsWithNewSettings() throws Exception {
        Verb start = verb("start");
        configure(home, "LISTEN_PORT=0\nLOG_FORMAT=json\n");

        Verb restart = verb("restart");

        assertThat(restart.exitCode()).as(restart.err()).isZero();
        assertThat(pid(restart.out().substring(restart.out().indexOf("started"))))
                .isNotEqualTo(pid(start));
    }

    @SideBySide
    @Test
    void keepsRunningWhenARestartWouldNotWork() throws Exception {
        long pid = pid(verb("start"));
        configure(home, "LISTEN_PORT=0\nMAX_STREAMS=none\n");

        Verb restart = verb("restart");

        assertThat(restart.exitCode()).isEqualTo(78);
        assertThat(restart.err().lines()).singleElement().asString().contains("MAX_STREAMS");
        assertThat(pid(verb("check"))).isEqualTo(pid);
    }

    private void configure(Path folder, String more) throws IOException {
        Files.writeString(
                folder.resolve("config.env"),
                "TARGET_PROTOCOL=http\nTARGET_HOST=127.0.0.1\nTARGET_PORT=" + upstream.port()
                        + "\nLISTEN_HOST=127.0.0.1\n" + more);
    }

    private Verb verb(String... arguments) {
        return Verb.run(home, arguments);
    }

    private static InetSocketAddress address(Verb start) {
        Matcher port = PORT.matcher(start.out());
        assertThat(port.find()).as("a port in: %s%s", start.out(), start.err()).isTrue();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
    }

    private static long pid(Verb verb) {
        return pid(verb.out() + verb.err());
    }

    private static long pid(String text) {
        Matcher pid = PID.matcher(text);
        assertThat(pid.find()).as("a PID in: %s", text).isTrue();
        return Long.parseLong(pid.group(1));
    }

    private static void kill(long pid, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(List.of("kill", signal, String.valueOf(pid))).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
