package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StubExchangeTest {

    @ParameterizedTest(name = "due at {0}, sent at {1}: next at {2}")
    @CsvSource({"100, 100, 110", "100, 109, 110", "100, 110, 120", "103, 157, 163", "-5, 12, 15"})
    void keepsTheirPlacesForStreamsHoweverLateTheyAre(long due, long now, long next) {
        assertThat(StubExchange.nextDue(due, 10, now)).isEqualTo(next);
    }
}
