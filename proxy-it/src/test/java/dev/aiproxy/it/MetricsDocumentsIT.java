package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the documents, the dashboard and the alerts say of metrics is what a scrape of the jar says. */
@Timeout(120)
final class MetricsDocumentsIT {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path ALERTS = DOCS.resolve("alerts.yml");
    private static final Path ALERT_TESTS = Path.of("src", "test", "resources", "alerts-test.yml");
    private static final Pattern NAME = Pattern.compile("\\b(?:ai_proxy|jvm|process)_[a-z0-9_]+\\b");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path home;

    private static String scrape = "";

    @BeforeAll
    static void scrape() throws Exception {
        try (MeasuredTraffic traffic = new MeasuredTraffic()) {
            traffic.start();
            try (LauncherProcess launcher = LauncherProcess.forwarding(
                    home, traffic.port(), "--admin-port=0", "--proxy-tokens=ann:" + MeasuredTraffic.TOKEN)) {
                AdminPort admin = AdminPort.of(launcher);
                traffic.sendTo(launcher.awaitAddress());
                Eventually.await(
                        "the last exchange to be counted", LONG, () -> admin.hasCounted(MeasuredTraffic.EXCHANGES));
                scrape = admin.get("/metrics").text();
            }
        }
    }

    @AfterAll
    static void forget() {
        scrape = "";
    }

    private static Set<String> scraped() {
        return TYPE.matcher(scrape)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> ours() {
        return scraped().stream()
                .filter(name -> name.startsWith("ai_proxy_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that are named in a text, each without what Prometheus puts behind the names of histograms. */
    private static Set<String> named(String text) {
        Set<String> scraped = scraped();
        return NAME.matcher(text)
                .results()
                .map(found -> found.group())
                .map(name -> scraped.contains(name) ? name : name.replaceFirst("_(bucket|sum|count)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String document(String name) throws IOException {
        return Files.readString(DOCS.resolve(name));
    }

    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        Json.parse(document("grafana-dashboard.json")).path("panels").forEach(panel -> panel.path("targets")
                .forEach(target -> queries.add(target.path("expr").asText())));
        return queries;
    }

    @Test
    void nameNothingThatIsNotThere() throws IOException {
        assertThat(scraped()).containsAll(named(document("observability.md")));
        assertThat(scraped()).containsAll(named(document("alerts.yml")));
        assertThat(scraped()).containsAll(named(String.join("\n", dashboardQueries())));
    }

    @Test
    void leaveNothingOut() throws IOException {
        assertThat(named(document("observability.md"))).containsAll(ours());
        assertThat(named(String.join("\n", dashboardQueries()))).containsAll(ours());
    }

    @Test
    void layTheDashboardOutWithoutOverlap() throws IOException {
        JsonNode panels = Json.parse(document("grafana-dashboard.json")).path("panels");
        Set<String> cells = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : panels) {
            assertThat(ids.add(panel.path("id").asInt()))
                    .as("one id twice: %s", panel)
                    .isTrue();
            assertThat(panel.path("title").asText()).isNotEmpty();
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell = (place.path("x").asInt() + x) + ","
                            + (place.path("y").asInt() + y);
                    assertThat(cells.add(cell)).as("two panels at %s", cell).isTrue();
                }
            }
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
        }
    }

    /** The rules of promtool that matter most, where it is not there. */
    @Test
    void areAboutMetricsThatFollowTheRules() {
        Matcher types = TYPE.matcher(scrape);
        while (types.find()) {
            String name = types.group(1);
            assertThat(name).matches("[a-z][a-z0-9_]*").doesNotContain("milli", "micro", "kilo", "__");
            assertThat(name.endsWith("_total"))
                    .as(name)
                    .isEqualTo(types.group(2).equals("counter"));
            assertThat(scrape).containsPattern("# HELP " + name + " \\S");
        }
        assertThat(scrape.lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
    }

    @Test
    void pleasePromtool() throws Exception {
        assumeThat(hasPromtool()).as("promtool is installed").isTrue();

        assertThat(promtool(scrape, "check", "metrics")).isEmpty();
        assertThat(promtool("", "check", "rules", ALERTS.toString())).contains("SUCCESS");
        assertThat(promtool("", "test", "rules", ALERT_TESTS.toString())).contains("SUCCESS");
        Path rules = Files.writeString(home.resolve("dashboard.yml"), dashboardAsRules());
        assertThat(promtool("", "check", "rules", rules.toString())).contains("SUCCESS");
    }

    private static String dashboardAsRules() throws IOException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (String query : dashboardQueries()) {
            String plain = query.replace("$__rate_interval", "5m")
                    .replace("$job", "ai-proxy")
                    .replace("$instance", ".*");
            rules.append("      - record: panel_%d\n        expr: '%s'\n".formatted(number++, plain));
        }
        return rules.toString();
    }

    private static boolean hasPromtool() throws InterruptedException {
        try {
            return new ProcessBuilder("promtool", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(20, TimeUnit.SECONDS);
        } catch (IOException missing) {
            return false;
        }
    }

    /** What it prints; fails unless it is content. */
    private static String promtool(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(home.resolve("promtool-in.txt"), input);
        Path out = home.resolve("promtool-out.txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("promtool ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }
}
