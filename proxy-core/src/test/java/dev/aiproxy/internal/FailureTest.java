package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureTest {

    private static final Pattern DOCUMENTED =
            Pattern.compile("^\\| `([a-z_]+)` \\| (\\d{3}|-) \\| ([a-z_]+) \\|.*\\|$", Pattern.MULTILINE);

    @ParameterizedTest
    @EnumSource
    void saysItInTheShapeThatOpenAiClientsParse(Failure failure) {
        assertThat(failure.json())
                .isEqualTo("{\"error\":{\"message\":\"%s\",\"type\":\"proxy_error\",\"code\":\"%s\"}}"
                        .formatted(failure.message(), failure.code()));
        assertThat(failure.code()).matches("[a-z_]+");
        assertThat(failure.message()).matches("[\\x20-\\x7e&&[^\"\\\\]]+[^.]");
    }

    @ParameterizedTest
    @EnumSource
    void happensSomewhere(Failure failure) throws IOException {
        List<Path> places = new ArrayList<>();
        Pattern name = Pattern.compile("Failure\\." + failure.name() + "\\b");
        for (Path source : ProjectFiles.sources("proxy-core/src/main/java/dev/aiproxy/internal")) {
            if (name.matcher(Files.readString(source)).find()) {
                places.add(source.getFileName());
            }
        }

        assertThat(places).isNotEmpty();
    }

    /** One row each in docs/failures.md, with its code, its status and its outcome: clients rely on them. */
    @Test
    void isDocumented() throws IOException {
        List<String> rows = DOCUMENTED
                .matcher(ProjectFiles.text("docs/failures.md"))
                .results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Failure.values()).map(FailureTest::row).toList());
    }

    private static String row(Failure failure) {
        // A client that left, or that takes no bytes, is sent nothing.
        boolean isSent = failure != Failure.CLIENT_GONE && failure != Failure.CLIENT_IDLE_TIMEOUT;
        return "%s %s %s"
                .formatted(
                        failure.code(),
                        isSent ? failure.status() : "-",
                        failure.outcome().name().toLowerCase(Locale.ROOT));
    }
}
