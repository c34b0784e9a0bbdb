package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the value of a setting came from, in words a person can follow.
 *
 * @param description such as {@code environment}, {@code flag --listen-port} or {@code /srv/proxy/config.env:3}
 * @param file the file it stands in, if it does
 */
record Origin(String description, Optional<Path> file) {

    static final Origin DEFAULT = new Origin("default", Optional.empty());
    static final Origin ENVIRONMENT = new Origin("environment", Optional.empty());

    static Origin flag(String flag) {
        return new Origin("flag " + flag, Optional.empty());
    }

    static Origin file(Path file, int line) {
        return new Origin(file + ":" + line, Optional.of(file));
    }

    @Override
    public String toString() {
        return description;
    }
}
