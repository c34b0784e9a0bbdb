package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LiveJsonTest {

    /** The file has a line for each section; when that changes, paste it there and read the diff. */
    @Test
    void tellsAllOfIt() throws IOException {
        String sections = LiveJson.of(LiveExamples.snapshot()).sections().entrySet().stream()
                .map(section -> JsonObject.quoted(section.getKey()) + ":" + section.getValue())
                .collect(Collectors.joining(",\n", "{", "}\n"));

        assertThat(sections).isEqualTo(resource());
        assertThat(LiveJson.of(LiveExamples.snapshot()) + "\n")
                .isEqualTo(resource().replace(",\n", ","));
    }

    @Test
    void tellsOnlyWhatHasChanged() {
        LiveJson before = LiveJson.of(LiveExamples.snapshot());
        Map<String, String> sections = new LinkedHashMap<>(before.sections());
        sections.put("at", "\"later\"");

        assertThat(new LiveJson(sections).since(before)).isEqualTo("{\"at\":\"later\"}");
    }

    private String resource() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("live.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
