package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @TempDir
    private Path home;

    /** The files are what {@code proxy-launcher [VERB] --help} prints; when it changes, paste it there and read the diff. */
    @ParameterizedTest
    @CsvSource({
        "--help, help.txt",
        "run --help, help-run.txt",
        "config --help, help-config.txt",
        "stop --help, help-stop.txt",
        "reload --help, help-reload.txt",
        "check --help, help-check.txt",
        "top --help, help-top.txt",
        "show-ip --help, help-show-ip.txt",
        "logs --help, help-logs.txt",
        "install-service --help, help-install-service.txt",
        "uninstall-service --help, help-uninstall-service.txt",
        "demo --help, help-demo.txt",
        "version --help, help-version.txt"
    })
    void explainsItself(String line, String golden) throws IOException {
        Program.Result result = Program.in(home).run(line.split(" "));

        assertThat(result.out()).isEqualTo(resource(golden));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void namesTheVersionsAReportNeeds() {
        Program.Result result = Program.in(home).run("--version");

        assertThat(result.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("proxy-launcher \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"),
                        line -> assertThat(line).matches("Jetty 12\\.\\d+\\.\\d+"),
                        line -> assertThat(line).startsWith("Java " + Runtime.version()),
                        line -> assertThat(line).startsWith(System.getProperty("os.name")));
    }

    @Test
    void namesThemByAVerbToo() {
        assertThat(Program.in(home).run("version").out())
                .isEqualTo(Program.in(home).run("--version").out());
        assertThat(Program.in(home).run("version", "--json").out())
                .startsWith("{\"version\":\"")
                .contains("\"java\":\"" + Runtime.version());
    }

    @Test
    void suggestsTheVerbThatWasMeant() {
        Program.Result result = Program.in(home).run("demmo");

        assertThat(result.err()).contains("Did you mean: proxy-launcher demo?");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void suggestsTheFlagThatWasMeant() {
        Program.Result result = Program.in(home).run("--listn-port=1");

        assertThat(result.err()).contains("--listen-port");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void showsTheSettingsInEffect() throws IOException {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=9000\n");

        Program.Result result =
                Program.in(home).with(Map.of("LOG_FORMAT", "json")).run("config", "--max-streams", "5");

        assertThat(result.out().lines())
                .hasSize(ConfigKey.ALL.size())
                .contains(
                        "LISTEN_PORT                        9000                   " + home + "/config.env:1",
                        "LOG_FORMAT                         json                   environment",
                        "MAX_STREAMS                        5                      flag --max-streams",
                        "TARGET_CA_FILE                     (none)                 default");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void showsTheSettingsInEffectAsJson() {
        Program.Result result = Program.in(home).run("config", "--json", "--log-dir", "a\"b");

        assertThat(result.out())
                .startsWith("[\n  {\"key\":\"TARGET_HOST\",\"value\":\"api.openai.com\",\"origin\":\"default\"},\n")
                .contains("{\"key\":\"LOG_DIR\",\"value\":\"a\\\"b\",\"origin\":\"flag --log-dir\"}")
                .endsWith("\n]" + System.lineSeparator());
    }

    @Test
    void showsNoSecret() throws IOException {
        Files.writeString(home.resolve("config.env"), "TARGET_API_KEY=sk-real-1\nPROXY_TOKENS=ann:0123456789abcdef\n");

        for (String[] form : new String[][] {{"config"}, {"config", "--json"}}) {
            assertThat(Program.in(home).run(form).out())
                    .contains("***")
                    .doesNotContain("sk-real-1")
                    .doesNotContain("0123456789abcdef");
        }
    }

    @Test
    void leavesNothingBehindWhenItOnlyShows() {
        Program.in(home).run("config");

        assertThat(home).isEmptyDirectory();
    }

    @Test
    void completesInBash() throws IOException, InterruptedException {
        Path script = home.resolve("completion");
        Files.writeString(script, Program.in(home).run("completion").out());

        Process bash = new ProcessBuilder("bash", "-n", script.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).isZero();
    }

    private String resource(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
