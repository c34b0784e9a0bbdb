package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopScreenTest {

    /** The files are what it draws; when that changes, paste it there and read the diff. */
    @ParameterizedTest
    @CsvSource({"80, true, top-80.txt", "120, true, top-120.txt", "80, false, top-80-ascii.txt"})
    void drawsAllOfIt(int columns, boolean isUnicode, String golden) throws IOException {
        String drawn =
                TopScreen.draw(LiveExamples.snapshot(), new TopForm(columns, 0, false, isUnicode, ZoneOffset.UTC));

        assertThat(drawn).isEqualTo(resource(golden));
        assertThat(drawn.lines()).allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                .isLessThanOrEqualTo(columns));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 10, 12, 13, 14, 24, 50})
    void keepsToTheLinesThereAre(int lines) {
        assertThat(TopScreen.draw(LiveExamples.snapshot(), form(lines, false)).lines())
                .hasSizeLessThanOrEqualTo(lines);
    }

    @Test
    void hasTheTerminalObeyNobodyElse() {
        assertThat(TopScreen.draw(LiveExamples.snapshot(), form(0, false)))
                .contains("/v1/?[2J?<img src=x")
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
    }

    @Test
    void coloursVerdicts() {
        assertThat(TopScreen.draw(LiveExamples.snapshot(), form(0, true)))
                .contains("\u001b[32mcomplete\u001b[39m")
                .contains("\u001b[31mupstream failed\u001b[39m");
    }

    private static TopForm form(int lines, boolean isColoured) {
        return new TopForm(120, lines, isColoured, true, ZoneOffset.UTC);
    }

    private String resource(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
