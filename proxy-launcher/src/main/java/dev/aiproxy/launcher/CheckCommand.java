package dev.aiproxy.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells whether the proxy of a home runs and answers. */
@Command(
        name = "check",
        description = "Tells whether the proxy runs and answers.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Exit codes: 0 it runs and answers, 1 it runs but does not answer or cannot be asked,",
            "3 it does not run; with --doctor also 1 if anything fails, and 78 if a setting is wrong.",
            "",
            "Without --doctor it only asks whether the proxy is there: fast, and nothing is sent to anyone.",
            "The doctor connects to the AI server and sends it requests without a key. --stream sends the",
            "environment's OPENAI_API_KEY, or ANTHROPIC_API_KEY if that is the target's, and shows neither.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " check",
            "  " + Verbs.PROGRAM + " check --json --home /srv/ai-proxy",
            "  " + Verbs.PROGRAM + " check --doctor",
            "  " + Verbs.PROGRAM + " check || " + Verbs.PROGRAM + " start"
        })
final class CheckCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--json",
            description = "as a JSON object of running, healthy, home, pid, ...; of the doctor an array of findings")
    private boolean json;

    @Option(
            names = "--doctor",
            description =
                    "look at everything a call depends on: settings, port, the way to the AI server, streaming, ...")
    private boolean doctor;

    @Option(
            names = "--stream",
            description =
                    "like --doctor, and ask the AI server for a short stream through the proxy; spends some tokens")
    private boolean stream;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "model to ask for it, where the AI server does not have the vendor's usual small one")
    private Optional<String> model = Optional.empty();

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (doctor || stream) {
            return examine();
        }
        HomeProxy proxy = new HomeProxy(surroundings.home(spec.commandLine().getParseResult()));
        ProxyState state = proxy.state();
        boolean isHealthy = HomeProxy.isHealthy(state);
        List<ProxyState> old =
                proxy.predecessors().stream().map(HomeProxy::state).toList();
        surroundings
                .out()
                .println(json ? json(proxy.home(), state, isHealthy, old) : text(proxy.home(), state, isHealthy));
        if (!json) {
            old.forEach(one -> surroundings.out().println(leaving(one)));
        }
        if (!state.isRunning()) {
            return ExitCode.NOT_RUNNING;
        }
        return isHealthy ? ExitCode.OK : ExitCode.FAILED;
    }

    private int examine() {
        Doctor asked = new Doctor(surroundings, finding -> {
            if (!json) {
                surroundings.out().println(finding.text());
            }
        });
        int exitCode = asked.examine(
                spec.commandLine().getParseResult(), stream ? Optional.of(new Doctor.Model(model)) : Optional.empty());
        if (json) {
            surroundings
                    .out()
                    .println(asked.findings().stream()
                            .map(Finding::json)
                            .collect(Collectors.joining(",\n  ", "[\n  ", "\n]")));
        }
        return exitCode;
    }

    private static String text(Path home, ProxyState state, boolean isHealthy) {
        String name = HomeProxy.name(state);
        return switch (state.life()) {
            case STOPPED -> "not running in " + home;
            case DIED -> "not running in " + home + ": " + name + " ended without being stopped";
            case RUNNING -> isHealthy ? healthy(state) : name + " runs, but does not answer";
        };
    }

    private static String leaving(ProxyState old) {
        return "%s was restarted and ends with its connections; in flight: %d"
                .formatted(HomeProxy.name(old), old.inFlight().orElse(0));
    }

    private static String healthy(ProxyState state) {
        return "running as %s for %s: %s forwards to %s"
                .formatted(
                        HomeProxy.name(state),
                        words(Duration.ofSeconds(uptimeSeconds(state))),
                        state.address().map(ListenAddress::localUri).orElse("?"),
                        state.target().orElse("?"));
    }

    /** The two largest units, as in {@code 3d 4h}. */
    private static String words(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m " + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }

    private static long uptimeSeconds(ProxyState state) {
        return state.startedAt()
                .map(start -> Math.max(0, Duration.between(start, Instant.now()).toSeconds()))
                .orElse(0L);
    }

    private static String json(Path home, ProxyState state, boolean isHealthy, List<ProxyState> old) {
        JsonObject answer = new JsonObject()
                .bool("running", state.isRunning())
                .bool("healthy", isHealthy)
                .text("home", home.toString());
        if (!old.isEmpty()) {
            answer.number("restartedStillDraining", old.size())
                    .number(
                            "restartedInFlight",
                            old.stream()
                                    .mapToInt(one -> one.inFlight().orElse(0))
                                    .sum());
        }
        if (!state.isRunning()) {
            return answer.bool("died", state.life() == ProxyState.Life.DIED).toString();
        }
        state.pid().ifPresent(pid -> answer.number("pid", pid));
        state.address().ifPresent(address -> answer.text("uri", address.localUri()));
        state.target().ifPresent(target -> answer.text("target", target));
        state.logDir().ifPresent(logs -> answer.text("logs", logs.toString()));
        state.version().ifPresent(version -> answer.text("version", version));
        state.restartCommand().ifPresent(command -> answer.text("restartCommand", command));
        state.inFlight().ifPresent(count -> answer.number("drainingInFlight", count));
        return answer.number("uptimeSeconds", uptimeSeconds(state)).toString();
    }
}
