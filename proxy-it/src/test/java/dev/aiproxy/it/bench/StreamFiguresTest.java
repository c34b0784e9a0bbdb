package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StreamFiguresTest {
    private static final long MILLI = 1_000_000;

    private final StreamFigures figures = new StreamFigures();

    @Test
    void tellsTheUsualP99ApartFromThatOfAFewBadMoments() {
        figures.startRecording();
        for (int millis = 0; millis <= 1000; millis++) {
            boolean bad = millis % 500 < 10;
            event(millis, bad ? 5 : 1);
        }

        assertThat(figures.delays().quantile(0.99)).isEqualTo(5 * MILLI);
        assertThat(figures.p99OfMoments().count()).isEqualTo(10);
        assertThat(figures.p99OfMoments().quantile(0.5)).isEqualTo(1 * MILLI);
        assertThat(figures.p99OfMoments().quantile(0.9)).isEqualTo(5 * MILLI);
    }

    @Test
    void beginsTheNextMomentWithTheFirstEventBehindALongSilence() {
        figures.startRecording();
        event(0, 1);
        event(750, 2);
        event(800, 3);
        event(850, 4);

        assertThat(figures.p99OfMoments().count()).isEqualTo(2);
        assertThat(figures.p99OfMoments().quantile(0)).isEqualTo(1 * MILLI);
        assertThat(figures.p99OfMoments().quantile(1)).isEqualTo(3 * MILLI);
    }

    @Test
    void leavesOutWhatCameBeforeItWasToRecord() {
        event(0, 9);
        figures.startRecording();
        event(1, 1);

        assertThat(figures.events()).isEqualTo(1);
        assertThat(figures.delays().quantile(1)).isEqualTo(1 * MILLI);
    }

    private void event(long millis, long delayMillis) {
        figures.event(millis * MILLI, (millis - delayMillis) * MILLI, MILLI, MILLI);
    }
}
