package dev.aiproxy.service.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text under {@code src/test/resources/golden} that rendered text must equal. When a change is meant, run the tests
 * once with {@code -Dgolden.update=true} and read the diff.
 */
final class GoldenFile {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private GoldenFile() {}

    static void assertEqual(String name, String actual) throws IOException {
        Path golden = FOLDER.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(golden));
    }
}
