package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
    @Test
    void knowsHowManyStreamsShareAConnection() {
        Options options = Options.parse("--client", "h2c", "--streams-each", "1");

        assertThat(options.clientProtocol()).isEqualTo(ClientProtocol.h2c(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "some", "", "1000000000"})
    void refusesAConnectionWithoutStreams(String each) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--streams-each", each))
                .withMessage("--streams-each must be 1 to 999999999, was " + each);
    }
}
