package dev.aiproxy.launcher;

import java.util.Map;
import java.util.stream.Collectors;

/** The text of a new config.env: every setting there is, commented out but for those that were chosen. */
final class ConfigTemplate {

    private static final String PREFACE = """
            # Settings of the AI forward proxy, one KEY=value a line. A line that begins with # does not count:
            # take the # away to change a setting. What stands behind it is the default.
            #
            # A flag or a variable of the environment counts over this file. What is in effect: %s config

            """;

    private ConfigTemplate() {}

    /**
     * Writes the file's text.
     *
     * @param program what the user calls
     * @param chosen settings to be in effect, by name
     * @throws InvalidSettingsException if a value cannot be written in one line
     */
    static String render(String program, Map<String, SettingText> chosen) {
        return ConfigKey.ALL.stream()
                .map(key -> "# %s%n#   %s%n%s%n"
                        .formatted(key.meaning(), key.type().allowed(), line(key, chosen))
                        .replace(System.lineSeparator(), "\n"))
                .collect(Collectors.joining("\n", PREFACE.formatted(program), ""));
    }

    private static String line(ConfigKey<?> key, Map<String, SettingText> chosen) {
        SettingText text = chosen.get(key.name());
        if (text == null) {
            return "#" + new EnvLine(key.name(), key.defaultText()).text();
        }
        return new EnvLine(key.name(), text.text()).text();
    }
}
