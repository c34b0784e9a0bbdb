package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options of a JVM that is to start fast and stay small; {@code bin/ai-proxy} reads the same file. */
final class JvmOptions {

    private static final String FILE = "jvm.options";

    private JvmOptions() {}

    /** Those for another process of this program; what this one was given itself counts over them. */
    static List<String> forChild(Map<String, String> environment) {
        Stream<String> classes = SharedClasses.of(environment).filter(SharedClasses::isThere).stream()
                .map(SharedClasses::option);
        Stream<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments().stream();
        return Stream.of(standard().stream(), classes, own)
                .flatMap(options -> options)
                .distinct()
                .toList();
    }

    /** Those that every proxy in the background has. */
    static List<String> standard() {
        try (InputStream in = JvmOptions.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
