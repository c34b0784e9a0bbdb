package dev.aiproxy.launcher;

import java.io.PrintStream;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * What the program finds around itself. Verbs use this and nothing global, so a test can run them in its own process.
 *
 * @param environment variables of the process
 * @param workingFolder folder that relative paths of the command line start from
 * @param out for answers
 * @param err for everything else
 * @param lifetime decides how long {@code run} runs
 * @param socket listens already, for {@code run}; empty if it has to open one itself
 */
record Surroundings(
        Map<String, String> environment,
        Path workingFolder,
        PrintStream out,
        PrintStream err,
        Lifetime lifetime,
        Optional<ServerSocketChannel> socket) {

    /** Set by bin/ai-proxy of the release archive. */
    private static final String PROGRAM = "AI_PROXY_PROGRAM";

    /** Copies the environment. */
    Surroundings {
        environment = Map.copyOf(environment);
    }

    /** What the user has called, for lines that say what to call next: this program or a script around it. */
    String program() {
        return environment.getOrDefault(PROGRAM, Verbs.PROGRAM);
    }

    /** The settings in effect for a verb that was given {@link SettingFlags}; what is odd about them goes to err. */
    Settings settings(ParseResult parsed) {
        Settings settings = loader().load(SettingFlags.given(parsed));
        settings.warnings().forEach(err::println);
        return settings;
    }

    /**
     * The home folder for a verb that was given {@code --home}, absolute.
     *
     * @throws InvalidSettingsException if there is no such folder
     */
    Path home(ParseResult parsed) {
        return loader().home(SettingFlags.given(parsed).home());
    }

    SettingsLoader loader() {
        return new SettingsLoader(workingFolder, environment);
    }
}
