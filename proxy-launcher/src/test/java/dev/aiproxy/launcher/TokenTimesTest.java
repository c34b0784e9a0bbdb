package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenTimesTest {

    private static final Duration PACE = Duration.ofMillis(120);

    @Test
    void takesTokensOnePaceApartForSpaced() {
        assertThat(times(IntStream.range(1, 13).mapToLong(n -> n * 120L)).areSpaced(PACE))
                .isTrue();
    }

    @Test
    void forgivesAPauseOfTheMachine() {
        assertThat(times(LongStream.of(120, 240, 360, 480, 800, 801, 840, 960, 1080, 1200, 1320, 1440))
                        .areSpaced(PACE))
                .isTrue();
    }

    @Test
    void takesTokensAllAtTheEndForClumped() {
        assertThat(times(IntStream.range(1, 13).mapToLong(n -> 1_440)).areSpaced(PACE))
                .isFalse();
    }

    @Test
    void takesTokensInTwoBurstsForClumped() {
        assertThat(times(LongStream.of(720, 720, 721, 721, 722, 722, 1440, 1440, 1441, 1441, 1442, 1442))
                        .areSpaced(PACE))
                .isFalse();
    }

    @Test
    void takesNothingForNotSpaced() {
        assertThat(times(LongStream.empty()).areSpaced(PACE)).isFalse();
    }

    private static TokenTimes times(LongStream millis) {
        return new TokenTimes(millis.mapToObj(Duration::ofMillis).toList());
    }
}
