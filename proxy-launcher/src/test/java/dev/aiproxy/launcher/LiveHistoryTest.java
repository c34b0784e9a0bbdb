package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveHistoryTest {

    private final LiveHistory history = new LiveHistory();

    @Test
    void tellsOfEachStepWhatHappenedInIt() {
        history.onRequest();
        history.onRequest();
        history.onEnd(LiveExamples.completed(LiveExamples.exchange(1, "/v1"), LiveExamples.answer(1)));
        history.onEnd(LiveExamples.failed(LiveExamples.exchange(2, "/v1"), Outcome.UPSTREAM_FAILED, "upstream_closed"));
        history.onFirstToken(Duration.ofMillis(1_000));
        history.onTokens(3, new long[] {0, 0, 0, 0, 0, 0, 0, 2, 0, 0}, Duration.ofMillis(2_000));
        history.close(LiveExamples.NOW, 7);
        history.close(LiveExamples.NOW.plusSeconds(5), 6);

        assertThat(history.steps())
                .satisfiesExactly(
                        step -> {
                            assertThat(step.requests()).isEqualTo(2);
                            assertThat(step.ended()).isEqualTo(2);
                            assertThat(step.failed()).isEqualTo(1);
                            assertThat(step.tokens()).isEqualTo(3);
                            assertThat(step.firstToken().orElseThrow().p99()).isEqualTo(1_000);
                            assertThat(step.gaps().orElseThrow().p50()).isBetween(1_000L, 2_000L);
                        },
                        step -> assertThat(step)
                                .isEqualTo(new HistoryStep(
                                        LiveExamples.NOW.plusSeconds(5),
                                        0,
                                        0,
                                        0,
                                        0,
                                        6,
                                        Optional.empty(),
                                        Optional.empty())));
    }

    @Test
    void coversFifteenMinutes() {
        for (int step = 1; step <= 200; step++) {
            history.close(LiveExamples.NOW.plusSeconds(5L * step), step);
        }

        assertThat(history.steps()).hasSize(180);
        assertThat(history.steps().get(0).inFlight()).isEqualTo(21);
        assertThat(LiveHistory.STEP.multipliedBy(LiveHistory.MOST_STEPS)).isEqualTo(Duration.ofMinutes(15));
    }
}
