package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops the proxy of a home. */
@Command(
        name = "stop",
        description = "Stops the proxy when its streams are over; fine if none runs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "It waits for DRAIN_TIMEOUT at most. A second stop, with --now, cuts the first one short.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " stop",
            "  " + Verbs.PROGRAM + " stop --now",
            "  " + Verbs.PROGRAM + " stop --home /srv/ai-proxy"
        })
final class StopCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--now", description = "tear the streams that are still there at once")
    private boolean now;

    StopCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        new Stopper(new HomeProxy(surroundings.home(spec.commandLine().getParseResult())), surroundings.out())
                .stopAll(now);
        return ExitCode.OK;
    }
}
