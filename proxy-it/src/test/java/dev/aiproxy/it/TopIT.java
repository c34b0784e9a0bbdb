package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the verb {@code top} of the jar shows of a proxy that runs. */
@Timeout(120)
final class TopIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final String ENTER_SCREEN = "\u001b[?1049h";
    private static final String LEAVE_SCREEN = "\u001b[?1049l";

    /** Of some drawings. */
    private static final int MOST_LINES = 300;

    @TempDir
    Path home;

    private LiveTraffic traffic() throws IOException {
        LiveTraffic traffic = LiveTraffic.start(home);
        traffic.completed("m-1", 7);
        traffic.cut("m-2", 3);
        traffic.inFlight("/v1/one?key=secret", "m-4", 5, Gate.named("never"));
        return traffic;
    }

    @Test
    void tellsOfTheTrafficInJson() throws Exception {
        try (LiveTraffic traffic = traffic();
                LauncherProcess top = traffic.verb(Map.of(), "top", "--json")) {
            Eventually.await(
                    "two lines", Duration.ofSeconds(20), () -> top.out().lines().count() >= 2);
            JsonNode facts = Json.parse(top.out().lines().skip(1).findFirst().orElseThrow());

            assertThat(facts.at("/totals/requests").asInt()).isEqualTo(3);
            assertThat(facts.at("/totals/inFlight").asInt()).isEqualTo(1);
            assertThat(facts.at("/totals/verdicts/complete").asInt()).isEqualTo(1);
            assertThat(facts.at("/totals/verdicts/upstream_cut").asInt()).isEqualTo(1);
            assertThat(facts.at("/totals/tokenEvents").asInt()).isEqualTo(15);
            assertThat(facts.at("/streams/0/path").asText()).isEqualTo("/v1/one?key=");
            assertThat(facts.at("/ended/0/model").asText()).isEqualTo("m-2");
            assertThat(facts.at("/health/state").asText()).isEqualTo("failing");
        }
    }

    @Test
    void printsItOnceWhereThereIsNoTerminal() throws Exception {
        try (LiveTraffic traffic = traffic();
                LauncherProcess top = traffic.verb(Map.of("LANG", "C.UTF-8"), "top")) {
            assertThat(top.awaitExit()).isZero();

            assertThat(top.out())
                    .contains("in flight 1  requests 3 ", "1 complete, 1 upstream cut", "GET /v1/one?key=")
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void asksTheAdminPortThatItIsTold() throws Exception {
        try (LiveTraffic traffic = traffic();
                LauncherProcess top = LauncherProcess.start(
                        Files.createDirectory(home.resolve("elsewhere")),
                        Map.of(),
                        "top",
                        "--once",
                        "--admin",
                        traffic.page().getAuthority())) {
            assertThat(top.awaitExit()).isZero();
            assertThat(top.out()).startsWith("AI proxy ");
        }
    }

    @Test
    void saysThatNoneRuns() throws Exception {
        try (LauncherProcess top = LauncherProcess.start(home, Map.of(), "top")) {
            assertThat(top.awaitExit()).isEqualTo(3);
            assertThat(top.err()).startsWith("not running in " + home);
        }
    }

    @Test
    void saysWhichSettingItTakes() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.plain();
                LauncherProcess proxy = LauncherProcess.forwarding(home, upstream.port())) {
            proxy.awaitAddress();
            Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
            try (LauncherProcess top = LauncherProcess.start(elsewhere, Map.of(), "top", "--home", home.toString())) {
                assertThat(top.awaitExit()).isEqualTo(1);
                assertThat(top.err()).contains("has no admin port; set ADMIN_PORT");
            }
        }
    }

    /** In a terminal of its own, which {@code script} makes. */
    @Test
    void takesTheScreenUntilSomebodyLeaves() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT);

        try (LiveTraffic traffic = traffic();
                ClientProcess terminal = terminal(traffic)) {
            String shown = shownUntil(terminal, "/v1/chat/completions");
            terminal.say("q");
            String rest = shownUntil(terminal, LEAVE_SCREEN);

            assertThat(shown).contains(ENTER_SCREEN, "in flight ", "GET /v1/one?key=");
            assertThat(rest).contains(LEAVE_SCREEN);
            assertThat(terminal.awaitExit()).isZero();
        }
    }

    @Test
    void findsARestartedProxyAtItsNewPort() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT);

        try (LiveTraffic traffic = traffic();
                ClientProcess terminal = terminal(traffic)) {
            assertThat(shownUntil(terminal, "/v1/one?key=")).contains("/v1/one?key=");
            traffic.kill();
            assertThat(shownUntil(terminal, "trying again")).contains("trying again; q ends");
            traffic.runAgainElsewhere();

            assertThat(shownUntil(terminal, "nothing is in flight")).contains("nothing is in flight");
        }
    }

    private ClientProcess terminal(LiveTraffic traffic) {
        String top = "stty cols 100 rows 30; %s -jar %s top --home %s"
                .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), LauncherProcess.JAR, home);
        return ClientProcess.start(traffic.home(), List.of(SCRIPT.toString(), "-qec", top, "/dev/null"));
    }

    private static String shownUntil(ClientProcess terminal, String last) {
        StringBuilder shown = new StringBuilder();
        Optional<String> line = Optional.of("");
        for (int count = 0; count < MOST_LINES && line.isPresent() && shown.indexOf(last) < 0; count++) {
            line = terminal.nextLine();
            line.ifPresent(text -> shown.append(text).append('\n'));
        }
        return shown.toString();
    }
}
