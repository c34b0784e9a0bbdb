package dev.aiproxy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceSpecTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getRoot();

    @ParameterizedTest
    @ValueSource(strings = {"ai-proxy", "AI_proxy.2", "8"})
    void acceptsNamesThatCanNameAFileAndAService(String name) {
        assertThat(spec(name, ROOT, 0).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-proxy", ".proxy", "ai proxy", "ai/proxy", "ai@proxy", "ai%proxy", "ai\nproxy", "\u00e4"})
    void refusesOtherNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(name, ROOT, 0))
                .withMessageStartingWith("name must be letters, digits,")
                .withMessageEndingWith("was " + name);
    }

    @Test
    void refusesRelativePaths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("ai-proxy", Path.of("bin", "java"), 0))
                .withMessage("java must be an absolute path, was " + Path.of("bin", "java"));
    }

    @Test
    void refusesNegativeUid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("ai-proxy", ROOT, -1))
                .withMessage("uid must not be negative, was -1");
    }

    @Test
    void copiesTheOptions() {
        List<String> options = new ArrayList<>(List.of("-Xmx64m"));

        ServiceSpec spec =
                new ServiceSpec("ai-proxy", ServiceSpec.Scope.USER, ROOT, options, ROOT, ROOT, ROOT, ROOT, 501);
        options.clear();

        assertThat(spec.javaOptions()).containsExactly("-Xmx64m");
    }

    private static ServiceSpec spec(String name, Path java, long uid) {
        return new ServiceSpec(name, ServiceSpec.Scope.USER, java, List.of(), ROOT, ROOT, ROOT, ROOT, uid);
    }
}
