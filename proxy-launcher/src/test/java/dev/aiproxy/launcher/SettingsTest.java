package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.NoProxyRule;
import dev.aiproxy.OriginField;
import dev.aiproxy.PortSharing;
import dev.aiproxy.ProxyConfig;
import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    private Path home;

    @Test
    void prefersFlagOverEnvironmentOverFileOverDefault() throws IOException {
        configFile("LISTEN_PORT=3", "MAX_STREAMS=3", "LOG_FORMAT=json");

        Settings settings = load(
                Map.of("LISTEN_PORT", "2", "MAX_STREAMS", "2"),
                Map.of("LISTEN_PORT", new SettingText("1", Origin.flag("--listen-port"))));

        assertThat(settings.get(ConfigKey.LISTEN_PORT)).isEqualTo(1);
        assertThat(settings.written(ConfigKey.LISTEN_PORT).origin()).hasToString("flag --listen-port");
        assertThat(settings.get(ConfigKey.MAX_STREAMS)).isEqualTo(2);
        assertThat(settings.written(ConfigKey.MAX_STREAMS).origin()).hasToString("environment");
        assertThat(settings.get(ConfigKey.LOG_FORMAT)).isEqualTo("json");
        assertThat(settings.written(ConfigKey.LOG_FORMAT).origin()).hasToString(home + "/config.env:3");
        assertThat(settings.written(ConfigKey.LOG_LEVEL).origin()).hasToString("default");
    }

    @Test
    void carriesEverySettingToTheLibrary() throws IOException {
        copyRootCertificate();
        new OpenSsl(home).key("a").certificate("a");
        configFile(
                "LISTEN_TLS_CERT=a.crt",
                "LISTEN_TLS_KEY=a.key",
                "LISTEN_TLS_CLIENT_CA=root.pem",
                "TARGET_HOST=models.example",
                "TARGET_PORT=8443",
                "TARGET_PROTOCOL=https",
                "TARGET_HTTP_VERSION=2",
                "TARGET_CA_FILE=root.pem",
                "TARGET_TLS_VERIFY=false",
                "TARGET_CLIENT_CERT=a.crt",
                "TARGET_CLIENT_KEY=a.key",
                "UPSTREAM_PROXY=http://me:s3cret@proxy.example:3128",
                "NO_PROXY=localhost, .b.example 10.0.0.0/8",
                "FORWARD_ALLOW=a.example, *.b.example:8443,*",
                "LISTEN_HOST=127.0.0.1",
                "LISTEN_PORT=0",
                "LISTEN_HTTP2=false",
                "CONNECT_TIMEOUT=500ms",
                "FIRST_BYTE_TIMEOUT=3m",
                "STREAM_IDLE_TIMEOUT=2h",
                "CLIENT_IDLE_TIMEOUT=90s",
                "HEADER_TIMEOUT=none",
                "DRAIN_TIMEOUT=0s",
                "MAX_HEADER_BYTES=1m",
                "MAX_STREAMS=12",
                "MAX_CONNECTIONS=34",
                "REPLAY_BUFFER=1k",
                "ALLOW_HALF_CLOSE=true",
                "ALLOWED_CLIENTS=192.0.2.0/24, fd00::/8",
                "PROXY_TOKENS=ann:sha256:" + "0a".repeat(32),
                "PROXY_TOKENS_FILE=tokens",
                "TARGET_API_KEY_FILE=key",
                "TARGET_API_KEY_HEADER=X-Api-Key",
                "ORIGIN=target",
                "AI_INSIGHT=off");
        Files.writeString(home.resolve("tokens"), "# of the team\n\nbob:sha256:" + "0b".repeat(32) + "\n");
        Files.writeString(home.resolve("key"), "sk-real\n");

        Settings settings = load(Map.of(), Map.of());
        ProxyConfig config = ProxyAssembly.builder(settings).build().config();

        ListenTls tls = settings.listenTls().orElseThrow();
        assertThat(config.target()).isEqualTo(URI.create("https://models.example:8443"));
        assertThat(config.targetTls().ca()).hasSize(1);
        assertThat(config)
                .isEqualTo(new ProxyConfig(
                        config.target(),
                        TargetHttpVersion.HTTP_2,
                        new ProxyConfig.TargetTls(
                                config.targetTls().ca(),
                                false,
                                Optional.of(new ProxyConfig.ClientCertificate(tls.chain(), tls.key()))),
                        Optional.of(new ProxyConfig.UpstreamProxy(
                                ProxyConfig.UpstreamProxy.Protocol.HTTP,
                                "proxy.example",
                                3128,
                                Optional.of(new ProxyConfig.ProxyLogin("me", "s3cret")),
                                List.of(
                                        new NoProxyRule("localhost", 0),
                                        new NoProxyRule("b.example", 0),
                                        new NoProxyRule("10.0.0.0/8", 0)))),
                        List.of(
                                new ForwardRule("a.example", 0),
                                new ForwardRule("*.b.example", 8443),
                                new ForwardRule("*", 0)),
                        new ProxyConfig.Listen(
                                "127.0.0.1",
                                0,
                                Optional.of(new ProxyConfig.ListenTls(
                                        tls.chain(),
                                        tls.key(),
                                        config.targetTls().ca())),
                                false,
                                PortSharing.NONE,
                                Optional.empty()),
                        new ProxyConfig.Timeouts(
                                Duration.ofMillis(500),
                                Duration.ofMinutes(3),
                                Duration.ofHours(2),
                                Duration.ofSeconds(90),
                                Duration.ZERO,
                                Duration.ZERO),
                        new ProxyConfig.Limits(1024 * 1024, 12, 34, 1024),
                        new ProxyConfig.Access(
                                List.of("192.0.2.0/24", "fd00::/8"),
                                Map.of("ann", "0a".repeat(32), "bob", "0b".repeat(32)),
                                Optional.of(new ProxyConfig.TargetKey("X-Api-Key", "sk-real"))),
                        OriginField.TARGET,
                        true,
                        false));
    }

    @Test
    void sendsTheKeyAsBearerUnlessTheServerWantsItElsewhere() throws IOException {
        configFile("TARGET_API_KEY=sk-real");

        assertThat(ProxyAssembly.builder(load(Map.of(), Map.of()))
                        .build()
                        .config()
                        .access()
                        .targetKey())
                .contains(new ProxyConfig.TargetKey("Authorization", "Bearer sk-real"));
    }

    @Test
    void warnsOfAnAdminPortThatOthersCanReach() throws IOException {
        configFile("ADMIN_HOST=0.0.0.0");

        assertThat(load(Map.of(), Map.of()).warnings()).isEmpty();
        assertThat(load(Map.of("ADMIN_PORT", "9000"), Map.of()).warnings())
                .singleElement()
                .asString()
                .startsWith("warning: ADMIN_HOST=0.0.0.0: whoever reaches ADMIN_PORT there can see");
    }

    @Test
    void warnsOfSecretsThatEveryoneCanRead() throws IOException {
        configFile("TARGET_API_KEY_FILE=key");
        Path key = Files.writeString(home.resolve("key"), "sk-real");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(load(Map.of(), Map.of()).warnings())
                .containsExactly(
                        "warning: TARGET_API_KEY_FILE key can be read by everyone on this machine;" + " chmod 600 it");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(load(Map.of(), Map.of()).warnings()).isEmpty();
    }

    @Test
    void takesThePortOfTheProtocolUnlessOneIsSet() throws IOException {
        configFile("TARGET_PROTOCOL=http");

        assertThat(load(Map.of(), Map.of()).get(ConfigKey.TARGET_PORT)).isEqualTo(80);
        assertThat(load(Map.of("TARGET_PORT", "443"), Map.of()).get(ConfigKey.TARGET_PORT))
                .isEqualTo(443);
        assertThat(load(Map.of("TARGET_PROTOCOL", "https"), Map.of()).get(ConfigKey.TARGET_PORT))
                .isEqualTo(443);
    }

    @Test
    void substitutesAndSplitsNothing() throws IOException {
        configFile("LOG_DIR=${env:HOME}/${file:UTF-8:/etc/hostname},b");

        Settings settings = load(Map.of(), Map.of());

        assertThat(settings.get(ConfigKey.LOG_DIR))
                .isEqualTo(home.resolve("${env:HOME}/${file:UTF-8:/etc/hostname},b"));
    }

    @Test
    void ignoresTheRestOfTheEnvironment() {
        Settings settings = load(Map.of("PATH", "/bin", "listen_port", "1", "LISTEN_PORTS", "1"), Map.of());

        assertThat(settings.get(ConfigKey.LISTEN_PORT)).isEqualTo(8080);
    }

    @Test
    void takesAddressesWithAndWithoutBrackets() throws IOException {
        configFile("TARGET_HOST=[::1]", "TARGET_PORT=1", "TARGET_PROTOCOL=http", "LISTEN_HOST=::1");

        ProxyConfig config =
                ProxyAssembly.builder(load(Map.of(), Map.of())).build().config();

        assertThat(config.target()).isEqualTo(URI.create("http://[::1]:1"));
        assertThat(config.listen().host()).isEqualTo("::1");
    }

    @Test
    void toleratesTheMarksOfWindows() throws IOException {
        Files.writeString(home.resolve("config.env"), "\ufeffLISTEN_PORT=1\r\n\r\nMAX_STREAMS=\"2\"\r\n");

        Settings settings = load(Map.of(), Map.of());

        assertThat(settings.get(ConfigKey.LISTEN_PORT)).isEqualTo(1);
        assertThat(settings.get(ConfigKey.MAX_STREAMS)).isEqualTo(2);
    }

    @Test
    void letsTheLastOfTwoLinesCountAndSaysSo() throws IOException {
        configFile("LISTEN_PORT=1", "", "LISTEN_PORT=2");

        Settings settings = load(Map.of(), Map.of());

        assertThat(settings.get(ConfigKey.LISTEN_PORT)).isEqualTo(2);
        assertThat(settings.warnings())
                .containsExactly("%1$s/config.env:3: sets LISTEN_PORT again; this line counts, not %1$s/config.env:1"
                        .formatted(home));
    }

    @Test
    void readsTheUpstreamProxyFromAFile() throws IOException {
        configFile("UPSTREAM_PROXY_FILE=proxy");
        Files.writeString(home.resolve("proxy"), "socks5://me:s3cret@127.0.0.1:1080\n");

        Settings settings = load(Map.of(), Map.of());

        assertThat(ProxyAssembly.builder(settings).build().config().upstreamProxy())
                .hasValueSatisfying(
                        proxy -> assertThat(proxy.login()).contains(new ProxyConfig.ProxyLogin("me", "s3cret")));
        assertThat(settings.warnings())
                .containsExactly(
                        "warning: UPSTREAM_PROXY_FILE proxy can be read by everyone on this machine; chmod 600 it");
    }

    /** Other programs take more for a rule than this one does, and the variable is theirs, too. */
    @Test
    void leavesNoProxyOfTheEnvironmentAloneWhereThereIsNoProxy() {
        Settings settings = load(Map.of("NO_PROXY", "<local>;10.*", "HTTPS_PROXY", "http://proxy.example:1"), Map.of());

        assertThat(ProxyAssembly.builder(settings).build().config().upstreamProxy())
                .isEmpty();
    }

    @Test
    void readsTheFileItIsToldInsteadOfTheOneAtHome() throws IOException {
        configFile("LISTEN_PORT=1");
        Files.writeString(home.resolve("other.env"), "LISTEN_PORT=2");

        Settings settings = new SettingsLoader(home, Map.of())
                .load(new GivenFlags(Optional.empty(), Optional.of(Path.of("other.env")), Map.of()));

        assertThat(settings.get(ConfigKey.LISTEN_PORT)).isEqualTo(2);
    }

    private Settings load(Map<String, String> environment, Map<String, SettingText> flags) {
        return new SettingsLoader(Path.of("/"), environment)
                .load(new GivenFlags(Optional.of(home), Optional.empty(), flags));
    }

    private void configFile(String... lines) throws IOException {
        Files.writeString(home.resolve("config.env"), String.join("\n", lines), StandardCharsets.UTF_8);
    }

    private void copyRootCertificate() throws IOException {
        try (InputStream certificate = getClass().getResourceAsStream("root.pem")) {
            Files.copy(certificate, home.resolve("root.pem"));
        }
    }
}
