package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetupCommandTest {

    @TempDir
    private Path home;

    @Test
    void writesEverySettingWithItsDefaultAndChangesNothingByIt() throws IOException {
        Program.Result result = setup("--listen-port=0");

        String config = Files.readString(home.resolve("config.env"));
        assertThat(result.exitCode()).as(result.err()).isZero();
        ConfigKey.ALL.stream().filter(key -> key != ConfigKey.LISTEN_PORT).forEach(key -> assertThat(config.lines())
                .as(key.name())
                .containsOnlyOnce("#" + key.name() + "=" + key.defaultText()));
        assertThat(inEffect()).containsEntry("LISTEN_PORT", "0").containsAllEntriesOf(defaultsBesidesThePort());
    }

    @Test
    void writesDefaultsThatMeanTheSameWhenTheyCount() throws IOException {
        setup("--listen-port=0");
        String config = Files.readString(home.resolve("config.env"));

        Files.writeString(home.resolve("config.env"), config.replaceAll("(?m)^#([A-Z_]+=)", "$1"));

        assertThat(inEffect()).containsAllEntriesOf(defaultsBesidesThePort());
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com, https, api.anthropic.com, 443",
        "https://api.anthropic.com/, https, api.anthropic.com, 443",
        "http://localhost, http, localhost, 80",
        "http://[::1]:11434, http, [::1], 11434"
    })
    void writesTheTargetThatIsGivenAsUrl(String url, String protocol, String host, String port) {
        Program.Result result = setup("--target=" + url, "--listen-port=0");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(inEffect())
                .containsEntry("TARGET_PROTOCOL", protocol)
                .containsEntry("TARGET_HOST", host)
                .containsEntry("TARGET_PORT", port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"api.openai.com", "https://api.openai.com/v1", "https://u:p4ss@host", "https://h?k=p4ss", ":"})
    void refusesATargetThatIsNoServer(String url) {
        Program.Result result = setup("--target=" + url);

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(result.err().lines()).singleElement().asString().startsWith("flag --target is '");
        assertThat(result.err()).doesNotContain("p4ss");
        assertThat(home).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {" two  words ", "\"quoted\"", "a'b\"c\\d$e`f", "#no remark", "größe"})
    void writesValuesSoThatTheyAreReadBackAsMeant(String folder) {
        setup("--listen-port=0", "--log-dir=" + folder);

        assertThat(inEffect()).containsEntry("LOG_DIR", folder);
    }

    @Test
    void neverChangesAConfigThatIsThere() throws IOException {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=0\n# mine\n");

        assertThat(setup().exitCode()).isZero();
        assertThat(setup("--listen-port=0").exitCode()).isZero();
        Program.Result result = setup("--listen-port=1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().strip())
                .isEqualTo("config.env is there already and is left as it is: " + home
                        + "/config.env:1: LISTEN_PORT is '0', not '1'; change it there, or give another --home");
        assertThat(home.resolve("config.env")).content().isEqualTo("LISTEN_PORT=0\n# mine\n");
    }

    @Test
    void leavesNothingBehindWhenASettingIsWrong() {
        Program.Result result = Program.in(home).run("setup", "--home", "new", "--listen-port=x");

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void keepsTheConfigFromOtherUsers() throws IOException {
        setup("--listen-port=0");

        assertThat(Files.getPosixFilePermissions(home.resolve("config.env")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void tellsWhatWouldKeepTheProxyFromStarting() throws IOException {
        Files.writeString(home.resolve("logs"), "a file, not a folder");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            Program.Result result = setup("--listen-host=127.0.0.1", "--listen-port=" + port);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out().lines())
                    .contains("problem: logs in " + home + "/logs: cannot be made; choose another LOG_DIR")
                    .anyMatch(line -> line.startsWith("problem: listen on 127.0.0.1:" + port + ": address in use"))
                    .noneMatch(line -> line.startsWith("next:"));
        }
    }

    private Program.Result setup(String... flags) {
        String[] args = new String[flags.length + 1];
        args[0] = "setup";
        System.arraycopy(flags, 0, args, 1, flags.length);
        return Program.in(home).run(args);
    }

    private static Map<String, String> defaultsBesidesThePort() {
        return ConfigKey.ALL.stream()
                .filter(key -> key != ConfigKey.LISTEN_PORT)
                .collect(Collectors.toMap(ConfigKey::name, ConfigKey::defaultText));
    }

    private Map<String, String> inEffect() {
        Settings settings = new SettingsLoader(home, Map.of()).load(GivenFlags.none());
        return ConfigKey.ALL.stream().collect(Collectors.toMap(ConfigKey::name, key -> settings.written(key)
                .text()));
    }
}
