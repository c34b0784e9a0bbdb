package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void tellsPercentilesOfWaitsToAFewPercent() {
        Spread spread = Spread.ofWaits();
        for (int millis = 1; millis <= 10_000; millis++) {
            spread.add(Duration.ofMillis(millis));
        }

        Percentiles times = spread.take().orElseThrow();

        assertThat(times.p50()).isBetween(4_850L, 5_150L);
        assertThat(times.p95()).isBetween(9_200L, 9_800L);
        assertThat(times.p99()).isBetween(9_600L, 10_000L);
    }

    @Test
    void tellsNoneLongerThanTheLongest() {
        Spread spread = Spread.ofWaits();
        spread.add(Duration.ofMillis(101));

        Percentiles times = spread.take().orElseThrow();

        assertThat(times.p50()).isBetween(90L, 101L);
        assertThat(times.p99()).isEqualTo(101);
    }

    @Test
    void keepsWaitsThatAreLongerThanAnyBound() {
        Spread spread = Spread.ofWaits();
        spread.add(Duration.ofHours(2));

        assertThat(spread.take().orElseThrow().p99()).isBetween(600_000L, 7_200_000L);
    }

    @Test
    void tellsPercentilesOfGapsByTheBoundsTheyWereCountedBy() {
        Spread spread = Spread.ofGaps();
        spread.addAll(new long[] {0, 98, 0, 0, 0, 0, 2, 0, 0, 0}, Duration.ofMillis(700));

        assertThat(spread.take()).contains(new Percentiles(18, 25, 700));
    }

    @Test
    void beginsAnewWhenItIsTaken() {
        Spread spread = Spread.ofGaps();
        spread.addAll(new long[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, Duration.ofMillis(7));

        assertThat(spread.take()).isPresent();
        assertThat(spread.take()).isEmpty();
    }
}
