package dev.aiproxy.launcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BoundedNamesTest {

    @Test
    void keepsTheFirstOnesForEver() {
        BoundedNames names = new BoundedNames(2);

        List<String> kept = List.of(names.of("a"), names.of("b"), names.of("c"), names.of("a"), names.of("c"));

        assertThat(kept).containsExactly("a", "b", "other", "a", "other");
    }

    @Test
    void keepsNoMoreWhenManyComeAtOnce() {
        BoundedNames names = new BoundedNames(5);

        assertThat(IntStream.range(0, 10_000)
                        .parallel()
                        .mapToObj(number -> names.of("name " + number % 100))
                        .distinct())
                .hasSize(6)
                .contains("other");
    }
}
