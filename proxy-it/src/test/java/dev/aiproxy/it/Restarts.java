package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What there is to be seen of proxies in the background that take one another's place. */
final class Restarts {
    private static final Pattern STARTED = Pattern.compile("started as PID (\\d+): ");

    private Restarts() {}

    /** The process that a verb says it has started. */
    static long pid(String text) {
        Matcher pid = STARTED.matcher(text);
        assertThat(pid.find()).as("a PID in: %s", text).isTrue();
        return Long.parseLong(pid.group(1));
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Those of all proxies of a home, old ones included. */
    static List<Path> stateFiles(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".state"))
                    .toList();
        }
    }
}
