package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings in effect, checked, each with where it came from. */
final class Settings {

    private final Path home;
    private final Map<ConfigKey<?>, Setting<?>> settings;
    private final List<String> warnings;
    private final Optional<ListenTls> listenTls;
    private final UpstreamSettings upstream;
    private final Optional<TraceSettings> traces;

    /**
     * One setting in effect.
     *
     * @param written as somebody wrote it
     * @param value what that means
     */
    record Setting<T>(SettingText written, T value) {}

    /**
     * Copies what it is given.
     *
     * @param home folder that relative paths start from, absolute
     * @param settings one for each of {@link ConfigKey#ALL}
     */
    Settings(
            Path home,
            Map<ConfigKey<?>, Setting<?>> settings,
            List<String> warnings,
            Optional<ListenTls> listenTls,
            UpstreamSettings upstream,
            Optional<TraceSettings> traces) {
        this.home = home;
        this.settings = Map.copyOf(settings);
        this.warnings = List.copyOf(warnings);
        this.listenTls = listenTls;
        this.upstream = upstream;
        this.traces = traces;
    }

    @SuppressWarnings("unchecked") // SettingsLoader files each value under the key whose type made it.
    <T> T get(ConfigKey<T> key) {
        return (T) settings.get(key).value();
    }

    /** The folder of config.env, the logs and the state, absolute. */
    Path home() {
        return home;
    }

    SettingText written(ConfigKey<?> key) {
        return settings.get(key).written();
    }

    /** Whether any of them stands in a file. */
    boolean isFromFile() {
        return settings.values().stream()
                .anyMatch(setting -> setting.written().origin().file().isPresent());
    }

    /** The names of those that flags or the environment have given, in the order of {@link ConfigKey#ALL}. */
    List<String> given() {
        return ConfigKey.ALL.stream()
                .filter(key -> !isDefault(key) && written(key).origin().file().isEmpty())
                .map(ConfigKey::name)
                .toList();
    }

    /** Whether nobody has said anything of this one. */
    boolean isDefault(ConfigKey<?> key) {
        return written(key).origin().equals(Origin.DEFAULT);
    }

    /** What TLS towards clients needs; empty if they speak plain HTTP. */
    Optional<ListenTls> listenTls() {
        return listenTls;
    }

    /** The way to the AI server. */
    UpstreamSettings upstream() {
        return upstream;
    }

    /** Where traces go; empty if nowhere. */
    Optional<TraceSettings> traces() {
        return traces;
    }

    /** What is odd about the settings but works, one line each. */
    List<String> warnings() {
        return warnings;
    }
}
