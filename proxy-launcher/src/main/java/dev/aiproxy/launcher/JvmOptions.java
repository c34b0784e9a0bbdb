package dev.aiproxy.launcher;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The options of a JVM that is to start fast and stay small; {@code bin/ai-proxy} reads the same file. */
final class JvmOptions {

    private static final String FILE = "jvm.options";
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC");
    /** Has the JVM give memory back to the system that its compilers are done with, and the C library (glibc) has kept. */
    private static final String TRIM = "TrimNativeHeapInterval";
    /** It takes some ten milliseconds, of a thread that nobody waits for. */
    private static final Duration TRIM_INTERVAL = Duration.ofSeconds(30);
    /** Room for what is new, which suits our collector. */
    private static final String NEW_SIZE = "-XX:MaxNewSize=";

    private JvmOptions() {}

    /** Those for another process of this program; what this one was given itself counts over them. */
    static List<String> forChild(Map<String, String> environment) {
        Stream<String> classes = SharedClasses.of(environment).filter(SharedClasses::isThere).stream()
                .map(SharedClasses::option);
        List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
        Stream<String> before =
                Stream.of(standard().stream(), ofThisJvm().stream(), classes).flatMap(options -> options);
        return together(before.toList(), own);
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

    /**
     * Those that not every JVM knows, and this one does: one that does not know an option does not start. The JDK has had
     * this one since 23, and others have got it since (JDK-8325496).
     */
    static List<String> ofThisJvm() {
        // Where there is no such C library, the JVM would say so at each start.
        return isKnown(TRIM)
                ? List.of("-XX:" + TRIM + "=" + TRIM_INTERVAL.toMillis(), "-Xlog:trimnative=off")
                : List.of();
    }

    private static boolean isKnown(String option) {
        // A JVM that was told to takes options, and tells of them, that others of its kind do not start with.
        boolean isUnlocked = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.startsWith("-XX:+Unlock"));
        if (isUnlocked || ModuleLayer.boot().findModule("jdk.management").isEmpty()) {
            return false;
        }
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return jvm != null && jvm.getVMOption(option) != null;
        } catch (IllegalArgumentException unknown) {
            // The option, or that a JVM can be asked.
            return false;
        }
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
