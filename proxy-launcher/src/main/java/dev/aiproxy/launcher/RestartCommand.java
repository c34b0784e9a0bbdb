package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replaces the proxy of a home by one of this program, with the settings of now. */
@Command(
        name = "restart",
        description = "Replaces the proxy by a new one, without a gap; starts it if none runs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "The new proxy answers before the old one is told to end. That serves on the connections it has,",
            "for DRAIN_TIMEOUT at most. It is left alone if the new one cannot start. Where two processes cannot",
            "share a port, the old one is stopped first.",
            "Flags of start do not stay: give them again, or put them into config.env.",
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
        if (!running.isRunning()) {
            return starter.start();
        }
        starter.warnOfWhatIsLost(running);
        if (starter.movesFrom(running)) {
            starter.checkPort();
        }
        if (Succession.isPossible(running)) {
            return new Succession(starter, surroundings.out()).run(running, now);
        }
        surroundings.out().println(HomeProxy.name(running) + " cannot share its port, so it is stopped first");
        new Stopper(starter.proxy(), surroundings.out()).stop(now);
        return starter.start();
    }
}
