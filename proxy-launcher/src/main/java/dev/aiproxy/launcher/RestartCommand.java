package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops the proxy of a home and starts it anew. */
@Command(
        name = "restart",
        description = "Checks the settings, stops the proxy and starts it again; starts it if none runs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "A proxy that runs is left alone if its settings or its port would not do.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " restart",
            "  " + Verbs.PROGRAM + " restart --now",
            "  " + Verbs.PROGRAM + " restart --home /srv/ai-proxy"
        })
final class RestartCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--now", description = "tear the streams that are still there at once")
    private boolean now;

    RestartCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Starter starter = Starter.of(surroundings, spec.commandLine().getParseResult());
        ProxyState running = starter.proxy().state();
        running.restartCommand().ifPresent(command -> {
            throw new VerbFailedException(
                    HomeProxy.name(running) + " is run by a service manager; restart it by: " + command);
        });
        if (running.isRunning()) {
            if (starter.movesFrom(running)) {
                starter.checkPort();
            }
            new Stopper(starter.proxy(), surroundings.out()).stop(now);
        }
        return starter.start();
    }
}
