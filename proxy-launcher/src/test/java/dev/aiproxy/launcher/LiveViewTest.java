package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.ProxyStats;
import dev.aiproxy.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveViewTest {

    @TempDir
    private Path home;

    private final LiveView view = new LiveView();
    private final List<ExchangeProgress> inFlight = new ArrayList<>();

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void countsTokensOfAStreamAsTheyComeAndOnce() {
        Exchange exchange = begin(1);

        seeTokens(exchange, 10);
        seeTokens(exchange, 25);
        LiveSnapshot before = view.snapshot(proxy());
        view.onEnd(LiveExamples.completed(exchange, LiveExamples.answer(30)));

        assertThat(before.totals().tokenEvents()).isEqualTo(25);
        assertThat(before.streams()).singleElement().satisfies(row -> assertThat(row.tokensPerSecond())
                .containsExactly(10, 15));
        assertThat(view.snapshot(proxy()).totals().tokenEvents()).isEqualTo(30);
    }

    /** It may have been looked at just before it ended, and the figures arrive just after. */
    @Test
    void countsNothingOfAStreamThatIsOver() {
        Exchange exchange = begin(1);
        view.onEnd(LiveExamples.completed(exchange, LiveExamples.answer(30)));

        seeTokens(exchange, 30);

        assertThat(view.snapshot(proxy()).totals().tokenEvents()).isEqualTo(30);
    }

    @Test
    void countsAStreamThatWasNeverLookedAt() {
        view.onEnd(LiveExamples.completed(begin(1), LiveExamples.answer(3)));

        LiveSnapshot.Totals totals = view.snapshot(proxy()).totals();

        assertThat(totals.tokenEvents()).isEqualTo(3);
        assertThat(totals.inputTokens()).isEqualTo(19);
        assertThat(totals.verdicts()).containsEntry(Verdict.COMPLETE, 1L).containsEntry(Verdict.CLIENT_GONE, 0L);
    }

    @Test
    void remembersThirtySecondsOfAStream() {
        Exchange exchange = begin(1);
        for (int tokens = 1; tokens <= 40; tokens++) {
            seeTokens(exchange, tokens * tokens);
        }

        assertThat(view.snapshot(proxy()).streams()).singleElement().satisfies(row -> assertThat(row.tokensPerSecond())
                .hasSize(30)
                .startsWith(21)
                .endsWith(79));
    }

    @Test
    void listsTheOldestAndTheYoungestOfMany() {
        LongStream.rangeClosed(1, 1_000)
                .mapToObj(id -> LiveExamples.progress(LiveExamples.exchange(id, "/v1"), Optional.empty()))
                .forEach(inFlight::add);

        LiveSnapshot snapshot = view.snapshot(proxy());

        assertThat(snapshot.totals().inFlight()).isEqualTo(1_000);
        assertThat(snapshot.streams().stream()
                        .map(row -> row.progress().exchange().id()))
                .hasSize(200)
                .startsWith(1L)
                .contains(100L, 901L)
                .doesNotContain(101L, 900L)
                .endsWith(1_000L);
    }

    @Test
    void remembersTheLastHundredThatEnded() {
        for (long id = 1; id <= 150; id++) {
            view.onEnd(LiveExamples.completed(LiveExamples.exchange(id, "/v1"), LiveExamples.answer(1)));
        }

        assertThat(view.snapshot(proxy()).ended().stream()
                        .map(end -> end.exchange().id()))
                .hasSize(100)
                .startsWith(150L)
                .endsWith(51L);
    }

    @Test
    void keepsNoLongTextsOfClients() {
        Exchange exchange = LiveExamples.exchange(1, "/" + "x".repeat(60_000));
        inFlight.add(LiveExamples.progress(exchange, Optional.empty()));
        view.onEnd(LiveExamples.completed(exchange, LiveExamples.answer(1)));

        assertThat(LiveJson.of(view.snapshot(proxy())).sections().get("ended")).hasSizeLessThan(1_000);
        assertThat(LiveJson.of(view.snapshot(proxy())).sections().get("streams"))
                .hasSizeLessThan(1_000);
    }

    @Test
    void showsNoSecretOfTheSettings() {
        LiveSnapshot snapshot = view.snapshot(proxy());

        assertThat(snapshot.config())
                .contains(new ConfigCommand.ShownSetting("TARGET_API_KEY", "***", "environment"))
                .hasSize(ConfigKey.ALL.size());
        assertThat(LiveJson.of(snapshot).toString()).doesNotContain("sk-real-1");
    }

    private Exchange begin(long id) {
        Exchange exchange = LiveExamples.exchange(id, "/v1");
        view.onRequest(exchange);
        view.onFirstToken(exchange);
        return exchange;
    }

    private void seeTokens(Exchange exchange, long tokens) {
        inFlight.clear();
        inFlight.add(LiveExamples.progress(exchange, Optional.of(LiveExamples.answer(tokens))));
        view.look(proxy());
    }

    private Watched proxy() {
        Settings settings = new SettingsLoader(home, Map.of("TARGET_API_KEY", "sk-real-1"))
                .load(new GivenFlags(Optional.empty(), Optional.empty(), Map.of()));
        return new Watched() {
            @Override
            public List<ExchangeProgress> progress() {
                return List.copyOf(inFlight);
            }

            @Override
            public ProxyStats stats() {
                return LiveExamples.stats(7, 5, 1);
            }

            @Override
            public Settings settings() {
                return settings;
            }

            @Override
            public String targetText() {
                return "http://127.0.0.1:1";
            }

            @Override
            public List<String> baseUris() {
                return List.of("http://127.0.0.1:2");
            }
        };
    }
}
