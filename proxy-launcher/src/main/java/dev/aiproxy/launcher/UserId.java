package dev.aiproxy.launcher;

/** The number of a user, which Java does not tell. */
final class UserId {

    private UserId() {}

    /** @throws VerbFailedException if the system does not tell either */
    static long ofThisProcess() {
        return ProcessOutput.of(new ProcessBuilder("id", "-u"))
                .filter(number -> number.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElseThrow(() -> new VerbFailedException("cannot find out the number of this user: id -u fails"));
    }
}
