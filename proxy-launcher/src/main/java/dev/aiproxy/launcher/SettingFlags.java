package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of verbs that use settings: where to look, {@code --debug}, and one for each {@link ConfigKey}. */
final class SettingFlags {

    static final String DEBUG = "--debug";

    private static final String HOME = "--home";
    private static final String CONFIG = "--config";

    private SettingFlags() {}

    /** Gives a verb all of these flags. */
    static void addTo(CommandSpec verb) {
        addPlacesTo(verb);
        addSettingsTo(verb);
    }

    /** Gives a verb all but {@code --config}, for one that writes a home's own file. */
    static void addHomeAndSettingsTo(CommandSpec verb) {
        addHomeTo(verb);
        addSettingsTo(verb);
    }

    private static void addSettingsTo(CommandSpec verb) {
        ConfigKey.ALL.forEach(key -> verb.addOption(flag(key)));
    }

    /** Gives a verb those that say where to look, for one that takes its settings as they are. */
    static void addPlacesTo(CommandSpec verb) {
        verb.addOption(home());
        verb.addOption(OptionSpec.builder(CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("file to read instead of config.env")
                .build());
        verb.addOption(OptionSpec.builder(DEBUG)
                .description("log in detail, and show stack traces of failures")
                .build());
    }

    /** Gives a verb {@code --home} alone, for one that asks a proxy which runs already. */
    static void addHomeTo(CommandSpec verb) {
        verb.addOption(home());
        verb.addOption(OptionSpec.builder(DEBUG)
                .description("show stack traces of failures")
                .build());
    }

    private static OptionSpec home() {
        return OptionSpec.builder(HOME)
                .type(Path.class)
                .paramLabel("DIR")
                .description("folder of config.env and the logs; the working folder unless set")
                .build();
    }

    private static OptionSpec flag(ConfigKey<?> key) {
        String standard = key.defaultText().isEmpty() ? "none" : key.defaultText();
        return OptionSpec.builder(key.flag())
                .type(String.class)
                .paramLabel("VALUE")
                .description(key.meaning().replace("%", "%%") + " (" + standard + ")")
                .build();
    }

    /** What was given of these flags. */
    static GivenFlags given(ParseResult parsed) {
        Map<String, SettingText> values = new LinkedHashMap<>();
        if (parsed.hasMatchedOption(DEBUG)) {
            values.put(ConfigKey.LOG_LEVEL.name(), new SettingText("debug", Origin.flag(DEBUG)));
        }
        for (ConfigKey<?> key : ConfigKey.ALL) {
            if (parsed.hasMatchedOption(key.flag())) {
                String text = parsed.matchedOptionValue(key.flag(), "");
                values.put(key.name(), new SettingText(text, Origin.flag(key.flag())));
            }
        }
        return new GivenFlags(path(parsed, HOME), path(parsed, CONFIG), values);
    }

    private static Optional<Path> path(ParseResult parsed, String flag) {
        return parsed.hasMatchedOption(flag)
                ? Optional.of(parsed.matchedOption(flag).getValue())
                : Optional.empty();
    }
}
