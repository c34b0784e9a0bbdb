package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} by the jar: its numbers are those of the traffic. */
@Timeout(120)
final class MetricsIT {
    private static final int STREAMS = 500;
    private static final int REQUESTS_PER_SECOND = 50;
    private static final int SCRAPES = 40;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MeasuredTraffic traffic = new MeasuredTraffic();

    @TempDir
    Path home;

    @BeforeEach
    void start() {
        traffic.start();
    }

    @AfterEach
    void close() {
        traffic.close();
    }

    private LauncherProcess launcher(String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--admin-port=0";
        arguments[1] = "--proxy-tokens=ann:" + MeasuredTraffic.TOKEN;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return LauncherProcess.forwarding(home, traffic.port(), arguments);
    }

    /** When all of the traffic has been sent, and all of it is over. */
    private Map<String, Double> metricsOfTheTraffic(String... more) throws Exception {
        try (LauncherProcess launcher = launcher(more)) {
            AdminPort admin = AdminPort.of(launcher);
            traffic.sendTo(launcher.awaitAddress());
            Eventually.await("all to end", LONG, () -> admin.hasCounted(MeasuredTraffic.EXCHANGES));
            return admin.metrics();
        }
    }

    @Test
    void tellsExactlyWhatWasSent() throws Exception {
        assertThat(metricsOfTheTraffic())
                .contains(
                        entry("ai_proxy_exchanges_total{outcome=\"completed\"}", 9.0),
                        entry("ai_proxy_exchanges_total{outcome=\"upstream_cut\"}", 3.0),
                        entry("ai_proxy_exchanges_total{outcome=\"client_gone\"}", 2.0),
                        entry("ai_proxy_exchanges_total{outcome=\"refused\"}", 1.0),
                        entry("ai_proxy_responses_total{code=\"200\"}", 14.0),
                        entry("ai_proxy_responses_total{code=\"401\"}", 1.0),
                        entry("ai_proxy_failures_total{error=\"token_required\",outcome=\"refused\"}", 1.0),
                        entry("ai_proxy_failures_total{error=\"upstream_cut\",outcome=\"upstream_cut\"}", 3.0),
                        entry("ai_proxy_request_body_bytes_total", (double) traffic.requestBytes()),
                        entry("ai_proxy_response_body_bytes_total", (double) traffic.responseBytes()),
                        entry("ai_proxy_exchanges_in_flight", 0.0),
                        entry("ai_proxy_time_to_first_byte_seconds_count", 15.0),
                        entry("ai_proxy_exchange_duration_seconds_count", 15.0),
                        entry("ai_proxy_upstream_connect_seconds_count", 14.0),
                        entry("ai_proxy_added_delay_seconds_count{direction=\"request\"}", 14.0),
                        entry("ai_proxy_added_delay_seconds_count{direction=\"response\"}", 14.0),
                        entry("ai_proxy_upstream_cancels_total", 2.0),
                        entry("ai_proxy_replays_total", 0.0),
                        entry("ai_proxy_access_log_lines_lost_total", 0.0),
                        entry("ai_proxy_draining", 0.0));
    }

    @Test
    void tellsWhatTheAnswersWere() throws Exception {
        assertThat(metricsOfTheTraffic())
                .contains(
                        entry("ai_proxy_answers_total{model=\"m-1\",verdict=\"complete\"}", 5.0),
                        entry("ai_proxy_answers_total{model=\"m-1\",verdict=\"upstream_cut\"}", 3.0),
                        entry("ai_proxy_answers_total{model=\"m-1\",verdict=\"client_gone\"}", 2.0),
                        entry("ai_proxy_answers_total{model=\"m-2\",verdict=\"complete\"}", 4.0),
                        entry("ai_proxy_tokens_total{direction=\"input\",model=\"m-1\"}", 50.0),
                        entry("ai_proxy_tokens_total{direction=\"output\",model=\"m-1\"}", 15.0),
                        entry("ai_proxy_tokens_total{direction=\"input\",model=\"m-2\"}", 28.0),
                        entry("ai_proxy_tokens_total{direction=\"output\",model=\"m-2\"}", 8.0),
                        entry("ai_proxy_time_to_first_token_seconds_count{model=\"m-1\"}", 10.0),
                        entry("ai_proxy_token_gap_seconds_count{model=\"m-1\"}", 10.0),
                        entry("ai_proxy_client_exchanges_total{client=\"ann\"}", 14.0),
                        entry("ai_proxy_client_tokens_total{client=\"ann\",direction=\"input\"}", 78.0));
    }

    @Test
    void tellsTheRestWithoutReadingAnswers() throws Exception {
        assertThat(metricsOfTheTraffic("--ai-insight=off"))
                .contains(
                        entry("ai_proxy_exchanges_total{outcome=\"completed\"}", 9.0),
                        entry("ai_proxy_response_body_bytes_total", (double) traffic.responseBytes()),
                        entry("ai_proxy_client_exchanges_total{client=\"ann\"}", 14.0))
                .allSatisfy((sample, value) -> assertThat(sample).doesNotContain("model="));
    }

    @Test
    void countsConnectionsToTheAiServer() throws Exception {
        Gate gate = Gate.named("the answer");
        traffic.answerAfter(gate);
        try (LauncherProcess launcher = launcher();
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            AdminPort admin = AdminPort.of(launcher);
            client.send(MeasuredTraffic.get("/gated")).readHead();
            assertThat(admin.metrics())
                    .contains(
                            entry("ai_proxy_upstream_connections{state=\"in_use\"}", 1.0),
                            entry("ai_proxy_upstream_connections{state=\"idle\"}", 0.0),
                            entry("ai_proxy_exchanges_in_flight", 1.0));

            gate.open();
            client.readChunk();
            client.readRaw("0\r\n\r\n".length());

            Eventually.await("the connection to be kept", () -> isIdle(admin));
            assertThat(admin.metrics()).contains(entry("ai_proxy_upstream_connections_opened_total", 1.0));
        }
    }

    private static boolean isIdle(AdminPort admin) {
        try {
            Map<String, Double> metrics = admin.metrics();
            return metrics.get("ai_proxy_upstream_connections{state=\"idle\"}") == 1.0
                    && metrics.get("ai_proxy_upstream_connections{state=\"in_use\"}") == 0.0;
        } catch (IOException failure) {
            throw new AssertionError("cannot scrape", failure);
        }
    }

    /** Looking for deadlocks, and at the state of each thread, stops them all. */
    @Test
    void countsThreadsWithoutStoppingThem() throws Exception {
        try (LauncherProcess launcher = launcher()) {
            Map<String, Double> metrics = AdminPort.of(launcher).metrics();

            assertThat(metrics.get("jvm_threads_current")).isPositive();
            assertThat(metrics.keySet())
                    .noneMatch(sample ->
                            sample.startsWith("jvm_threads_deadlocked") || sample.startsWith("jvm_threads_state"));
        }
    }

    @Test
    void countsReloads() throws Exception {
        try (LauncherProcess launcher = launcher()) {
            AdminPort admin = AdminPort.of(launcher);

            assertThat(Verb.run(home, "reload").exitCode()).isZero();

            assertThat(admin.metrics())
                    .contains(
                            entry("ai_proxy_config_reloads_total{result=\"ok\"}", 1.0),
                            entry("ai_proxy_config_reloads_total{result=\"refused\"}", 0.0));
        }
    }

    @Test
    void speaksOpenMetricsToWhoeverAsksForIt() throws Exception {
        try (LauncherProcess launcher = launcher()) {
            AdminPort admin = AdminPort.of(launcher);

            RawResponse plain = admin.get("/metrics");
            RawResponse open = admin.get(
                    "/metrics", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4");

            assertThat(plain.head().values("Content-Type")).containsExactly("text/plain; version=0.0.4; charset=utf-8");
            assertThat(open.head().values("Content-Type"))
                    .containsExactly("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(open.text()).endsWith("# EOF\n");
        }
    }

    @Test
    void disturbsNoStreamWhileItIsScraped() throws Exception {
        try (SteadyUpstream upstream = SteadyUpstream.start();
                LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port(), "--admin-port=0");
                SteadyLoad load = SteadyLoad.start(launcher.awaitAddress(), STREAMS, REQUESTS_PER_SECOND)) {
            AdminPort admin = AdminPort.of(launcher);
            Eventually.await("all streams", LONG, () -> load.streamsNow() == STREAMS);
            double most = 0;

            for (int scrape = 0; scrape < SCRAPES; scrape++) {
                most = Math.max(most, admin.metrics().get("ai_proxy_exchanges_in_flight"));
            }

            load.finish();
            assertThat(load.failures()).isEmpty();
            assertThat(most).isGreaterThan(STREAMS * 0.9);
        }
    }
}
