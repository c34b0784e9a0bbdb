package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What listeners are told can be carried over to Micrometer, as the documentation says. */
final class MicrometerIT {
    private static final String BEGIN = "// example begins\n";
    private static final String END = "// example ends\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void countsWhatTheBridgeIsTold() throws IOException {
        proxy.with(builder -> builder.listener(new MicrometerBridge(registry)));
        Gate gate = Gate.named("next event");
        gate.openForGood();
        proxy.upstream().enqueue(VendorApi.ANTHROPIC_MESSAGES.gatedStream(gate));

        proxy.get("/v1/messages").readResponse();

        proxy.expectEnd(Outcome.COMPLETED);
        // The listener of this test is told first; the tokens of the answer are the last that the bridge counts.
        Eventually.await("the bridge to be told of the end", () -> tokens("output") == 9);
        assertThat(registry.get("ai.proxy.exchanges")
                        .tag("outcome", "completed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("ai.proxy.answers")
                        .tag("verdict", "complete")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("ai.proxy.first.token").timer().count()).isEqualTo(1);
        assertThat(tokens("input")).isEqualTo(14);
        assertThat(registry.get("ai.proxy.in.flight").gauge().value()).isZero();
    }

    private double tokens(String kind) {
        return registry.find("ai.proxy.tokens").tag("kind", kind).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void standsInTheDocumentationWordForWord() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/aiproxy/it/MicrometerBridge.java"));
        String example = source.substring(source.indexOf(BEGIN) + BEGIN.length(), source.indexOf(END));

        assertThat(Files.readString(Path.of("../docs/observability.md"))).contains("```java\n" + example + "```\n");
    }
}
