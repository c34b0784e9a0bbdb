package dev.aiproxy.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has the proxy of a home read its settings again, and tells what came of it. */
@Command(
        name = "reload",
        description = "Has the running proxy read config.env and the files it names again; no stream is touched.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "If anything is wrong with them, the proxy keeps the settings it has. Flags and environment stay as",
            "they were when it was started, and count over config.env. Where and how it listens (LISTEN_HOST,",
            "LISTEN_PORT, LISTEN_HTTP2, TLS on or off) takes a restart.",
            "",
            "Exit codes: 0 reloaded, 1 failed, 3 not running, 78 wrong configuration.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " reload",
            "  " + Verbs.PROGRAM + " reload --json --home /srv/ai-proxy",
            "  kill -HUP PID"
        })
final class ReloadCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "as a JSON object: reloaded, changes, remarks")
    private boolean json;

    ReloadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        HomeProxy proxy = new HomeProxy(surroundings.home(spec.commandLine().getParseResult()));
        ProxyState state = proxy.state();
        if (!state.isRunning()) {
            surroundings.err().println("not running in " + proxy.home());
            return ExitCode.NOT_RUNNING;
        }
        state.reloadCommand().ifPresent(command -> {
            throw new VerbFailedException(
                    HomeProxy.name(state) + " is run by a service manager; reload it by: " + command);
        });
        ReloadResult result = reload(proxy, state);
        tell(result);
        return result.exitCode();
    }

    private static ReloadResult reload(HomeProxy proxy, ProxyState state) {
        ReloadFile before = proxy.reloads(state)
                .orElseThrow(() -> new VerbFailedException(HomeProxy.name(state)
                        + " takes no SIGHUP, as under nohup, or has not begun to listen; restart it instead"));
        refuseIfStopping(state);
        proxy.hangUp(state);
        long wanted = before.begun() + 1;
        ProxyState last = proxy.await(PATIENCE, now -> {
            refuseIfStopping(now);
            return !now.isRunning() || result(proxy, state, wanted).isPresent();
        });
        return result(proxy, state, wanted).orElseThrow(() -> noResult(last));
    }

    private static VerbFailedException noResult(ProxyState last) {
        return new VerbFailedException(
                last.isRunning()
                        ? HomeProxy.name(last) + " has not told the result within " + PATIENCE.toSeconds() + " s"
                        : "the proxy has ended meanwhile");
    }

    private static void refuseIfStopping(ProxyState state) {
        if (state.inFlight().isPresent()) {
            throw new VerbFailedException(HomeProxy.name(state) + " is stopping");
        }
    }

    private static Optional<ReloadResult> result(HomeProxy proxy, ProxyState state, long wanted) {
        return proxy.reloads(state).flatMap(reloads -> reloads.resultSince(wanted));
    }

    private void tell(ReloadResult result) {
        if (json) {
            surroundings
                    .out()
                    .println(new JsonObject()
                            .bool("reloaded", result.isDone())
                            .texts("changes", result.changes())
                            .texts("remarks", result.remarks()));
            return;
        }
        if (result.isDone()) {
            surroundings.out().println(result.summary());
        }
        result.remarks().forEach(surroundings.err()::println);
    }
}
