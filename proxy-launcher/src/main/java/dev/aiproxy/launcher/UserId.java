package dev.aiproxy.launcher;

import java.time.Duration;

/** The number of a user, which Java does not tell. */
final class UserId {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private UserId() {}

    /** @throws VerbFailedException if the system does not tell either */
    static long ofThisProcess() {
        return ProcessOutput.of(new ProcessBuilder("id", "-u"), PATIENCE)
                .filter(number -> number.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElseThrow(() -> new VerbFailedException("cannot find out the number of this user: id -u fails"));
    }
}
