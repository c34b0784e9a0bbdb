package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line says about settings.
 *
 * @param home folder that relative paths start from and that config.env is looked for in
 * @param config file to read instead of config.env
 * @param values settings given as flags, by name
 */
record GivenFlags(Optional<Path> home, Optional<Path> config, Map<String, SettingText> values) {

    /** Copies the values. */
    GivenFlags {
        values = Map.copyOf(values);
    }

    GivenFlags withConfig(Path other) {
        return new GivenFlags(home, Optional.of(other), values);
    }

    static GivenFlags none() {
        return new GivenFlags(Optional.empty(), Optional.empty(), Map.of());
    }
}
