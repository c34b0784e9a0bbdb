package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.PortSharing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin port by the jar: its health, and that nothing about it ever harms the proxy. */
@Timeout(120)
final class AdminIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @AfterEach
    void close() {
        upstream.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static int status(InetSocketAddress address) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send(GET).readResponse().status();
        }
    }

    private static boolean has(AdminPort admin, String path, int status) {
        try {
            return admin.get(path).status() == status;
        } catch (IOException notNow) {
            return false;
        }
    }

    @Test
    void isNotReadyFromTheMomentItIsToldToStop() throws Exception {
        Gate gate = Gate.named("rest of the stream");
        upstream.answer(request -> Answers.gatedEvents(1, gate));
        try (LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port(), "--admin-port", "0");
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            AdminPort admin = AdminPort.of(launcher);
            assertThat(admin.get("/health/ready").text()).isEqualTo("{\"status\":\"ready\",\"inFlight\":0}\n");
            client.send(GET).readHead();

            launcher.terminate();

            Eventually.await("the drain", () -> has(admin, "/health/ready", 503));
            assertThat(admin.get("/health/ready").text()).isEqualTo("{\"status\":\"draining\",\"inFlight\":1}\n");
            assertThat(admin.get("/health/live").status()).isEqualTo(200);
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(1));
            assertThat(launcher.awaitExit()).isEqualTo(0);
        }
    }

    @Test
    void servesWithoutItWhereThePortIsTakenAndSaysSoOnce() throws Exception {
        upstream.answer(request -> Answers.ok());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LauncherProcess launcher = LauncherProcess.forwarding(
                        home, upstream.port(), "--admin-port", String.valueOf(taken.getLocalPort()))) {

            assertThat(status(launcher.awaitAddress())).isEqualTo(200);

            String problem = "cannot open the admin port on 127.0.0.1:" + taken.getLocalPort() + ": address in use";
            assertThat(launcher.err().lines())
                    .singleElement()
                    .asString()
                    .contains(problem)
                    .endsWith("; choose another ADMIN_PORT or stop the other process; the proxy goes on without it");
            assertThat(Files.readAllLines(home.resolve("logs/proxy.log")))
                    .filteredOn(line -> line.contains(problem))
                    .hasSize(1);
            assertThat(launcher.out()).doesNotContain("health and metrics");
        }
    }

    @Test
    void servesWithoutItWhereJavaHasNoSuchAddresses() throws Exception {
        upstream.answer(request -> Answers.ok());
        try (LauncherProcess launcher = LauncherProcess.start(
                home,
                Map.of("JAVA_TOOL_OPTIONS", "-Djava.net.preferIPv4Stack=true"),
                "run",
                "--listen-host=127.0.0.1",
                "--listen-port=0",
                "--target-host=127.0.0.1",
                "--target-protocol=http",
                "--target-port=" + upstream.port(),
                "--admin-host=::1",
                "--admin-port=0")) {

            assertThat(status(launcher.awaitAddress())).isEqualTo(200);

            Eventually.await("the warning", () -> launcher.err().contains("goes on without it"));
            assertThat(launcher.err())
                    .contains("cannot open the admin port on ::1:0: Java has IPv4 only here; choose an IPv4 address;");
        }
    }

    @Test
    void refusesAPortThatIsNone() {
        Verb run = Verb.run(home, "run", "--admin-port", "many");

        assertThat(run.exitCode()).isEqualTo(78);
        assertThat(run.err())
                .isEqualTo("flag --admin-port: ADMIN_PORT is 'many', must be a whole number from 0 to 65535, or off\n");
    }

    @Test
    void passesFromTheOldProxyToTheNewOneAtARestart() throws Exception {
        assumeThat(PortSharing.isSupported()).as("ports can be shared").isTrue();
        AdminPort admin = AdminPort.at(freePort());
        int port = freePort();
        Files.write(
                home.resolve("config.env"),
                List.of(
                        "TARGET_PROTOCOL=http",
                        "TARGET_HOST=127.0.0.1",
                        "TARGET_PORT=" + upstream.port(),
                        "LISTEN_HOST=127.0.0.1",
                        "LISTEN_PORT=" + port,
                        "ADMIN_PORT=" + admin.address().getPort()));
        Gate gate = Gate.named("rest of the stream");
        upstream.answer(request -> Answers.gatedEvents(1, gate));
        assertThat(Verb.run(home, "start").exitCode()).isZero();
        try (RawClient client = RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send(GET).readHead();
            assertThat(admin.get("/health/ready").text()).contains("\"inFlight\":1");

            assertThat(Verb.run(home, "restart").exitCode()).isZero();

            Eventually.await("the new proxy to have the port", () -> has(admin, "/health/ready", 200));
            // The old one has the stream still.
            assertThat(admin.get("/health/ready").text()).contains("\"inFlight\":0");
            assertThat(Files.readString(home.resolve("logs/proxy.log"))).doesNotContain("cannot open the admin port");
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(1));
        } finally {
            Verb.run(home, "stop", "--now");
        }
    }

    @Test
    void loadsNothingOfItUnlessAskedTo() throws Exception {
        Path loaded = home.resolve("loaded.txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + loaded,
                "-jar",
                LauncherProcess.JAR.toString(),
                "run",
                "--listen-host=127.0.0.1",
                "--listen-port=0",
                "--target-host=127.0.0.1",
                "--target-protocol=http",
                "--target-port=" + upstream.port());
        upstream.answer(request -> Answers.ok());
        try (LauncherProcess launcher = LauncherProcess.startProgram(command, home, Map.of())) {
            assertThat(status(launcher.awaitAddress())).isEqualTo(200);
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();
        }

        assertThat(Files.readString(loaded))
                .contains("dev.aiproxy.launcher.RunningProxy")
                .doesNotContain("io.prometheus", "dev.aiproxy.launcher.admin", "dev.aiproxy.launcher.metrics");
    }
}
