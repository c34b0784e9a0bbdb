package dev.aiproxy.launcher;

import java.nio.file.Path;

/**
 * Where the value of a setting came from, in words a person can follow.
 *
 * @param description such as {@code environment}, {@code flag --listen-port} or {@code /srv/proxy/config.env:3}
 */
record Origin(String description) {

    static final Origin DEFAULT = new Origin("default");
    static final Origin ENVIRONMENT = new Origin("environment");

    static Origin flag(String flag) {
        return new Origin("flag " + flag);
    }

    static Origin file(Path file, int line) {
        return new Origin(file + ":" + line);
    }

    @Override
    public String toString() {
        return description;
    }
}
