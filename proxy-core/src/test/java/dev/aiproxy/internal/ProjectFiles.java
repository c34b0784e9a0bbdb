package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of the project that tests read, wherever the tests are started. */
public final class ProjectFiles {

    private ProjectFiles() {}

    /** The text of a file, its path starting at the root of the project. */
    public static String text(String path) throws IOException {
        return Files.readString(root().resolve(path));
    }

    static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new AssertionError("these tests run from within the project");
            }
        }
        return folder;
    }
}
