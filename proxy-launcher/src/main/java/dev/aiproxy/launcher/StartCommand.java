package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the proxy of a home in the background. */
@Command(
        name = "start",
        description = "Starts the proxy in the background and returns when it answers; fine if it runs already.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Flags of settings go on to the proxy; what should last belongs in config.env.",
            "Each home has a proxy of its own: give --home to run several.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " start",
            "  " + Verbs.PROGRAM + " start --home /srv/ai-proxy",
            "  " + Verbs.PROGRAM + " start --target-host api.anthropic.com --listen-port 9000"
        })
final class StartCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    StartCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        return Starter.of(surroundings, spec.commandLine().getParseResult()).start();
    }
}
