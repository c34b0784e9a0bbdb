package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code reload}, SIGHUP and {@code RELOAD=auto}, by the jar and as processes. */
@Timeout(120)
final class ReloadIT {
    /** Files are looked at every two seconds, and have to be at rest. */
    private static final Duration A_FEW_LOOKS = Duration.ofSeconds(20);

    private static final String TOKEN = "token-of-ann-0123456789";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    Path home;

    @BeforeEach
    void prepare() throws IOException {
        upstream.answer(request -> Answers.ok());
        configure();
    }

    @AfterEach
    void close() {
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    /** Settings of this upstream and a free port, unless these lines say otherwise. */
    private void configure(String... lines) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> usual = List.of(
                "TARGET_PROTOCOL=http",
                "TARGET_HOST=127.0.0.1",
                "TARGET_PORT=" + upstream.port(),
                "LISTEN_HOST=127.0.0.1",
                "LISTEN_PORT=0");
        Stream.concat(usual.stream(), Stream.of(lines))
                .forEach(line -> settings.put(line.substring(0, line.indexOf('=')), line));
        Path file = home.resolve("config.env");
        Files.write(file, settings.values());
        // There are secrets in it, at times, of which a warning would tell.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private LauncherProcess run(String... flags) throws IOException {
        String[] arguments = new String[flags.length + 1];
        arguments[0] = "run";
        System.arraycopy(flags, 0, arguments, 1, flags.length);
        return LauncherProcess.start(home, Map.of(), arguments);
    }

    private Verb reload(String... flags) throws IOException {
        String[] arguments = new String[flags.length + 3];
        arguments[0] = "reload";
        arguments[1] = "--home";
        arguments[2] = home.toString();
        System.arraycopy(flags, 0, arguments, 3, flags.length);
        return Verb.run(Files.createDirectories(home.resolve("elsewhere")), arguments);
    }

    private static int status(InetSocketAddress address) throws IOException {
        return status(address, GET);
    }

    private static int status(InetSocketAddress address, String request) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send(request).readResponse().status();
        }
    }

    private String log() {
        try {
            return Files.readString(home.resolve("logs/proxy.log"));
        } catch (IOException failure) {
            throw new AssertionError("no log", failure);
        }
    }

    @SideBySide
    @Test
    void swapsSettingsAndTellsWhatHasChangedButNoSecret() throws Exception {
        try (LauncherProcess launcher = run();
                ScriptedUpstream other = ScriptedUpstream.plain()) {
            InetSocketAddress address = launcher.awaitAddress();
            assertThat(status(address)).isEqualTo(200);
            configure("MAX_STREAMS=100", "PROXY_TOKENS=ann:" + TOKEN, "TARGET_PORT=" + other.port());

            Verb reload = reload();

            assertThat(reload)
                    .isEqualTo(new Verb(
                            0,
                            "reloaded: TARGET_PORT %d -> %d, MAX_STREAMS 8192 -> 100, PROXY_TOKENS none -> ***, 3 settings changed\n"
                                    .formatted(upstream.port(), other.port()),
                            ""));
            assertThat(log()).contains(" INFO ", reload.out().strip()).doesNotContain(TOKEN);
            assertThat(status(address)).isEqualTo(401);
            assertThat(Verb.run(home, "check").out()).contains("forwards to " + other.uri());
        }
    }

    @SideBySide
    @Test
    void tellsInJsonToo() throws Exception {
        try (LauncherProcess launcher = run()) {
            launcher.awaitAddress();
            assertThat(reload().out()).isEqualTo("reloaded: nothing changed\n");
            configure("MAX_STREAMS=100");

            assertThat(reload("--json"))
                    .isEqualTo(new Verb(
                            0, "{\"reloaded\":true,\"changes\":[\"MAX_STREAMS 8192 -> 100\"],\"remarks\":[]}\n", ""));
        }
    }

    /** Defaults would let in everyone, and send requests to a server that nobody has chosen. */
    @SideBySide
    @Test
    void keepsWhatItHasIfTheFileIsGoneOrEmpty() throws Exception {
        configure("PROXY_TOKENS=ann:" + TOKEN);
        String gone = "%s is gone, or says nothing any more; if that is meant, restart the proxy"
                .formatted(home.resolve("config.env"));
        // Where it listens comes from elsewhere, as in a container.
        try (LauncherProcess launcher = run("--listen-host=127.0.0.1", "--listen-port=0")) {
            InetSocketAddress address = launcher.awaitAddress();
            Files.writeString(home.resolve("config.env"), "");
            Verb ofEmpty = reload();
            Files.delete(home.resolve("config.env"));
            Verb ofNone = reload();

            assertThat(ofEmpty.exitCode()).isEqualTo(78);
            assertThat(ofEmpty.err()).contains(gone);
            assertThat(ofNone).isEqualTo(ofEmpty);
            assertThat(status(address)).isEqualTo(401);
        }
    }

    @SideBySide
    @Test
    void keepsWhatItHasIfTheNewSettingsAreBadAndSaysSoOnce() throws Exception {
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            configure("MAX_STREAMS=many");

            Verb reload = reload();

            assertThat(reload.exitCode()).isEqualTo(78);
            assertThat(reload.out()).isEmpty();
            assertThat(reload.err()).isEqualTo(Verb.run(home, "config").err());
            assertThat(reload.err().lines()).singleElement().asString().contains("config.env:6", "MAX_STREAMS", "many");
            assertThat(log().lines().filter(line -> line.contains(reload.err().strip())))
                    .hasSize(1);
            assertThat(status(address)).isEqualTo(200);
        }
    }

    @SideBySide
    @Test
    void refusesWhatTakesARestartAndNamesIt() throws Exception {
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            configure("LISTEN_PORT=1", "LISTEN_HTTP2=false", "PROXY_TOKENS=ann:" + TOKEN);

            Verb reload = reload();

            assertThat(reload.exitCode()).isEqualTo(78);
            assertThat(reload.err().lines())
                    .hasSize(2)
                    .allMatch(line -> line.endsWith("while the proxy runs; restart it instead"))
                    .anyMatch(line -> line.contains(": LISTEN_PORT is '1', cannot change from '0' "))
                    .anyMatch(line -> line.contains(": LISTEN_HTTP2 is 'false', cannot change from 'true' "));
            assertThat(status(address)).isEqualTo(200);
        }
    }

    @SideBySide
    @Test
    void letsFlagsAndEnvironmentCountOverTheFileAsAtTheStart() throws Exception {
        try (LauncherProcess launcher =
                LauncherProcess.start(home, Map.of("MAX_CONNECTIONS", "99"), "run", "--max-streams", "77")) {
            launcher.awaitAddress();
            configure("MAX_STREAMS=1", "MAX_CONNECTIONS=1");

            assertThat(reload().out()).isEqualTo("reloaded: nothing changed\n");
        }
    }

    /** As a unit of systemd hands config.env over, with LoadCredential and ExecReload. */
    @SideBySide
    @Test
    void readsTheNewestCopyThatAServiceManagerHasMadeAndSaysIfThereIsNone() throws Exception {
        Path copies = Files.createDirectory(home.resolve("credentials"));
        Path newCopies = Files.createDirectory(home.resolve("runtime"));
        Path copy = Files.copy(home.resolve("config.env"), copies.resolve("config.env"));
        Map<String, String> environment =
                Map.of("CREDENTIALS_DIRECTORY", copies.toString(), "RUNTIME_DIRECTORY", newCopies.toString());
        try (LauncherProcess launcher = LauncherProcess.start(home, environment, "run", "--config", copy.toString())) {
            launcher.awaitAddress();
            configure("MAX_STREAMS=100");

            assertThat(reload().err())
                    .startsWith("the service manager makes copies of config.env, and there is no new one");

            Files.copy(home.resolve("config.env"), newCopies.resolve("config.env"));
            assertThat(reload()).isEqualTo(new Verb(0, "reloaded: MAX_STREAMS 8192 -> 100, 1 setting changed\n", ""));
        }
    }

    @SideBySide
    @Test
    void reloadsOneInTheBackground() throws Exception {
        assertThat(Verb.run(home, "start").exitCode()).isZero();
        try {
            configure("MAX_STREAMS=100");

            assertThat(reload().out()).isEqualTo("reloaded: MAX_STREAMS 8192 -> 100, 1 setting changed\n");
        } finally {
            assertThat(Verb.run(home, "stop", "--now").exitCode()).isZero();
        }
        assertThat(home.resolve("proxy.reload")).doesNotExist();
    }

    @SideBySide
    @Test
    void servesTwoWhoAskAtOnce() throws Exception {
        try (LauncherProcess launcher = run()) {
            launcher.awaitAddress();
            configure("MAX_STREAMS=100");
            Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
            try (LauncherProcess one = LauncherProcess.start(home, Map.of(), "reload");
                    LauncherProcess other =
                            LauncherProcess.start(elsewhere, Map.of(), "reload", "--home", home.toString())) {
                assertThat(one.awaitExit()).as(one.err()).isZero();
                assertThat(other.awaitExit()).as(other.err()).isZero();

                assertThat(one.out() + other.out()).contains("MAX_STREAMS 8192 -> 100");
            }
        }
    }

    @SideBySide
    @Test
    void writesItsLogsWhereAndAsTheNewSettingsSay() throws Exception {
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            configure("LOG_DIR=other", "LOG_FORMAT=json", "LOG_LEVEL=debug");

            assertThat(reload().exitCode()).isZero();

            assertThat(status(address)).isEqualTo(200);
            Eventually.await("a line in JSON", () -> text("other/access.log").startsWith("{\"time\":"));
            assertThat(text("other/proxy.log")).contains("LOG_LEVEL info -> debug");
        }
    }

    private String text(String file) {
        try {
            return Files.readString(home.resolve(file));
        } catch (IOException notYet) {
            return "";
        }
    }

    @SideBySide
    @Test
    void keepsItsLogsIfTheNewFolderCannotBeOne() throws Exception {
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            Files.writeString(home.resolve("file"), "");
            configure("LOG_DIR=file", "PROXY_TOKENS=ann:" + TOKEN);

            Verb reload = reload();

            assertThat(reload.exitCode()).isEqualTo(78);
            assertThat(reload.err().lines()).singleElement().asString().contains("LOG_DIR is 'file'");
            assertThat(status(address)).isEqualTo(200);
            assertThat(log()).contains("keeps the settings it has");
        }
    }

    @SideBySide
    @Test
    void readsItsFilesByItselfWhenToldTo() throws Exception {
        Files.writeString(home.resolve("tokens"), "ann:" + TOKEN + "\n");
        configure("RELOAD=auto", "PROXY_TOKENS_FILE=tokens");
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            String byAnn = "GET / HTTP/1.1\r\nHost: x\r\nx-api-key: " + TOKEN + "\r\n\r\n";
            assertThat(status(address, byAnn)).isEqualTo(200);

            Files.writeString(home.resolve("tokens"), "bob:another-" + TOKEN + "\n");
            Eventually.await("the tokens to be read", A_FEW_LOOKS, () -> log().contains(
                            "reloaded: PROXY_TOKENS_FILE read anew, 1 setting changed"));
            assertThat(status(address, byAnn)).isEqualTo(401);

            Files.writeString(home.resolve("tokens"), "# nobody any more\n");
            Eventually.await("a warning", A_FEW_LOOKS, () -> log().contains("there is no token in it"));
            assertThat(status(address, byAnn)).isEqualTo(401);

            configure("RELOAD=auto", "MAX_STREAMS=many");
            Eventually.await("a warning", A_FEW_LOOKS, () -> log().contains("MAX_STREAMS is 'many'"));
            assertThat(status(address, byAnn)).isEqualTo(401);

            configure("RELOAD=off");
            Eventually.await("the end of it", A_FEW_LOOKS, () -> log().contains("RELOAD auto -> off"));
            assertThat(log().lines().filter(line -> line.contains("keeps the settings it has")))
                    .hasSize(2);
        }
    }

    @SideBySide
    @Test
    void readsTheUpstreamProxyByItselfWhenToldTo() throws Exception {
        Files.writeString(home.resolve("way"), "http://127.0.0.1:1\n");
        configure("RELOAD=auto", "UPSTREAM_PROXY_FILE=way");
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            assertThat(status(address)).isEqualTo(502);

            // Which takes absolute-form as well.
            Files.writeString(home.resolve("way"), upstream.uri() + "\n");
            Eventually.await("the file to be read", A_FEW_LOOKS, () -> log().contains(
                            "reloaded: UPSTREAM_PROXY_FILE read anew"));

            assertThat(status(address)).isEqualTo(200);
        }
    }

    @SideBySide
    @Test
    void showsAnotherCertificateThatTheSettingsName() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        TestCertificates.write(home.resolve("a.crt"), certificates.localhostChain());
        TestCertificates.write(home.resolve("a.key"), certificates.localhostKey());
        TestCertificates.write(home.resolve("b.crt"), certificates.renewedChain());
        TestCertificates.write(home.resolve("b.key"), certificates.renewedKey());
        configure("LISTEN_TLS_CERT=a.crt", "LISTEN_TLS_KEY=a.key");
        try (LauncherProcess launcher = run()) {
            InetSocketAddress address = launcher.awaitAddress();
            configure("LISTEN_TLS_CERT=b.crt", "LISTEN_TLS_KEY=b.key");

            assertThat(reload().out())
                    .isEqualTo(
                            "reloaded: LISTEN_TLS_CERT a.crt -> b.crt, LISTEN_TLS_KEY a.key -> b.key, 2 settings changed\n");

            try (RawClient client = RawClient.connect(address, certificates.trustingClient())) {
                assertThat(client.serverCertificate())
                        .isEqualTo(certificates.renewedChain().get(0));
            }
        }
    }

    @SideBySide
    @Test
    void isRefusedByOneThatStops() throws Exception {
        Gate gate = Gate.named("an event that never comes");
        upstream.answer(request -> Answers.gatedEvents(1, gate));
        try (LauncherProcess launcher = run();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(GET).readHead();
            launcher.terminate();
            Eventually.await("the drain", () -> text("proxy.state").contains("inFlight=1"));

            Verb reload = reload();

            assertThat(reload).isEqualTo(new Verb(1, "", "PID " + launcher.pid() + " is stopping\n"));
        } finally {
            gate.open();
        }
    }

    @SideBySide
    @Test
    void saysThatNothingRuns() throws Exception {
        assertThat(reload()).isEqualTo(new Verb(3, "", "not running in " + home + "\n"));
    }
}
