package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The number of a user, which Java does not tell. */
final class UserId {

    private UserId() {}

    /** @throws VerbFailedException if the system does not tell either */
    static long ofThisProcess() {
        try {
            Process id = new ProcessBuilder("id", "-u").start();
            String number = new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(number.strip());
        } catch (IOException | NumberFormatException e) {
            throw new VerbFailedException("cannot find out the number of this user: id -u fails", e);
        }
    }
}
