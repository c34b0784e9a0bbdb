package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The options of a JVM that is to start fast and stay small; {@code bin/ai-proxy} reads the same file. */
final class JvmOptions {

    private static final String FILE = "jvm.options";
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC");
    /** Room for what is new, which suits our collector. */
    private static final String NEW_SIZE = "-XX:MaxNewSize=";

    private JvmOptions() {}

    /** Those for another process of this program; what this one was given itself counts over them. */
    static List<String> forChild(Map<String, String> environment) {
        Stream<String> classes = SharedClasses.of(environment).filter(SharedClasses::isThere).stream()
                .map(SharedClasses::option);
        List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return together(Stream.concat(standard().stream(), classes).toList(), own);
    }

    /** Both, each option once; a JVM takes one collector and no more, so ours gives way, with what goes with it. */
    static List<String> together(List<String> standard, List<String> own) {
        boolean hasCollector = own.stream().anyMatch(JvmOptions::isCollector);
        Stream<String> kept = standard.stream().filter(option -> !hasCollector || !isOfCollector(option));
        return Stream.concat(kept, own.stream()).distinct().toList();
    }

    private static boolean isOfCollector(String option) {
        return isCollector(option) || option.startsWith(NEW_SIZE);
    }

    private static boolean isCollector(String option) {
        return COLLECTOR.matcher(option).matches();
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
