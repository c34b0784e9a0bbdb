package dev.aiproxy.launcher;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings in effect, checked, each with where it came from. */
final class Settings {

    private final Map<ConfigKey<?>, Setting<?>> settings;
    private final List<String> warnings;

    /**
     * One setting in effect.
     *
     * @param written as somebody wrote it
     * @param value what that means
     */
    record Setting<T>(SettingText written, T value) {}

    /** @param settings one for each of {@link ConfigKey#ALL} */
    Settings(Map<ConfigKey<?>, Setting<?>> settings, List<String> warnings) {
        this.settings = Map.copyOf(settings);
        this.warnings = List.copyOf(warnings);
    }

    @SuppressWarnings("unchecked") // SettingsLoader files each value under the key whose type made it.
    <T> T get(ConfigKey<T> key) {
        return (T) settings.get(key).value();
    }

    SettingText written(ConfigKey<?> key) {
        return settings.get(key).written();
    }

    /** The same settings, with more that is odd about them. */
    Settings withWarnings(List<String> more) {
        return new Settings(
                settings, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /** What is odd about the settings but works, one line each. */
    List<String> warnings() {
        return warnings;
    }
}
