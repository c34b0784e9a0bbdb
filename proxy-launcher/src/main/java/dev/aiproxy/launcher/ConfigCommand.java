package dev.aiproxy.launcher;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the settings in effect without starting anything. */
@Command(
        name = "config",
        description = "Shows the settings in effect and where each comes from; starts nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class ConfigCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "as a JSON array of {key, value, origin}")
    private boolean json;

    @Option(names = "--template", description = "as a new config.env that has every setting with its default")
    private boolean template;

    ConfigCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (template) {
            surroundings.out().print(ConfigTemplate.render(surroundings.program(), Map.of()));
            return ExitCode.OK;
        }
        Settings settings = surroundings.settings(spec.commandLine().getParseResult());
        surroundings.out().println(json ? json(settings) : table(settings));
        return ExitCode.OK;
    }

    private static String json(Settings settings) {
        return shown(settings).map(ShownSetting::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]"));
    }

    /** Every setting with its secrets masked. */
    static Stream<ShownSetting> shown(Settings settings) {
        return ConfigKey.ALL.stream()
                .map(key -> new ShownSetting(
                        key.name(),
                        key.shown(settings.written(key).text()),
                        settings.written(key).origin().description()));
    }

    /**
     * A setting as it may be shown to anyone.
     *
     * @param value without any secret
     * @param origin where it was set
     */
    record ShownSetting(String key, String value, String origin) {

        String json() {
            return new JsonObject()
                    .text("key", key)
                    .text("value", value)
                    .text("origin", origin)
                    .toString();
        }
    }

    private static String table(Settings settings) {
        int widest = ConfigKey.ALL.stream()
                .mapToInt(key -> shown(key, settings).length())
                .max()
                .orElse(1);
        String row = "%-34s %-" + widest + "s  %s";
        return ConfigKey.ALL.stream()
                .map(key -> row.formatted(
                        key, shown(key, settings), settings.written(key).origin()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String shown(ConfigKey<?> key, Settings settings) {
        String text = key.shown(settings.written(key).text());
        return text.isEmpty() ? "(none)" : Shown.oneLine(text);
    }
}
