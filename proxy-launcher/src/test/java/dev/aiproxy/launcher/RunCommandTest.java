package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunCommandTest {

    @TempDir
    private Path home;

    private DemoUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = DemoUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void forwardsAndLogsUntilItsTimeIsOver() throws IOException {
        int port = freePort();
        Lifetime oneCall = stop -> {
            get("http://127.0.0.1:" + port + "/v1/models?key=secret");
            stop.run();
        };

        Program.Result result = Program.in(home).living(oneCall).run(arguments(port));

        // The call may count as in flight for a moment after its client has the answer.
        assertThat(result.err().lines()).allMatch(line -> line.startsWith("stopping: "));
        assertThat(result.out().lines())
                .containsExactly(
                        "listening on http://127.0.0.1:" + port,
                        "forwarding to " + upstream.uri(),
                        "use it: OPENAI_BASE_URL=http://127.0.0.1:%1$d/v1 or ANTHROPIC_BASE_URL=http://127.0.0.1:%1$d"
                                .formatted(port));
        assertThat(Files.readAllLines(home.resolve("logs/access.log")))
                .singleElement()
                .asString()
                .contains(" GET /v1/models?key= 200 completed - 0 ");
        assertThat(Files.readString(home.resolve("logs/proxy.log"))).contains("listens on", "stopped");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void tellsThatThePortIsTakenInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program.Result result = Program.in(home).run(arguments(taken.getLocalPort()));

            assertThat(result.err().lines()).singleElement().asString().contains("127.0.0.1:" + taken.getLocalPort());
            assertThat(result.out()).isEmpty();
            assertThat(result.exitCode()).isEqualTo(1);
        }
    }

    /** It did before there were verbs that find a proxy by its home. */
    @Test
    void runsASecondOneInTheSameHomeAndSaysWhatThatCosts() throws IOException {
        int port = freePort();
        AtomicReference<Program.Result> second = new AtomicReference<>();
        Lifetime anotherRun = stop -> {
            second.set(Program.in(home).run(arguments(port)));
            stop.run();
        };

        Program.Result first = Program.in(home).living(anotherRun).run(arguments(freePort()));

        assertThat(first.err()).isEmpty();
        assertThat(second.get().err().strip())
                .isEqualTo("warning: another proxy runs in " + home + ": start, stop and check will not see this one");
        assertThat(second.get().out()).startsWith("listening on http://127.0.0.1:" + port);
        assertThat(second.get().exitCode()).isZero();
    }

    @Test
    void refusesToForwardToItself() throws IOException {
        int port = freePort();

        Program.Result result = Program.in(home)
                .run(
                        "--listen-host=127.0.0.1",
                        "--listen-port=" + port,
                        "--target-protocol=http",
                        "--target-host=127.0.0.1",
                        "--target-port=" + port);

        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void warnsAtEachStartThatNothingIsVerified() throws IOException {
        String[] arguments = arguments(freePort());
        arguments[arguments.length - 1] = "--target-tls-verify=false";

        assertThat(Program.in(home).run(arguments).err()).startsWith("warning: TARGET_TLS_VERIFY=false: ");
    }

    @Test
    void warnsThatTheDoorIsOpenUnlessItIsClosedOrLocal() throws IOException {
        String anywhere = "--listen-host=0.0.0.0";

        assertThat(Program.in(home).run(anywhere, "--listen-port=0").err())
                .startsWith("warning: anyone who reaches port ")
                .contains("PROXY_TOKENS, ALLOWED_CLIENTS or LISTEN_HOST=127.0.0.1");
        assertThat(Program.in(home)
                        .run(anywhere, "--listen-port=0", "--allowed-clients=127.0.0.1")
                        .err())
                .isEmpty();
        assertThat(Program.in(home)
                        .run("--listen-host=127.0.0.1", "--listen-port=0")
                        .err())
                .isEmpty();
    }

    private String[] arguments(int port) {
        return new String[] {
            "--listen-host=127.0.0.1",
            "--listen-port=" + port,
            "--target-protocol=http",
            "--target-host=" + upstream.uri().getHost(),
            "--target-port=" + upstream.uri().getPort(),
            "--log-level=info"
        };
    }

    private static void get(String uri) {
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the call through the proxy failed", e);
        }
    }

    /** What was free a moment ago; the command line must be told a port before there is a proxy to ask. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
