package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.PortSharing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the proxy in the foreground until the process is told to end. */
@Command(
        name = "run",
        description = "Runs the proxy in the foreground; Ctrl-C or SIGTERM stops it when its streams are over.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Each setting can stand in config.env or in the environment, too, as in LISTEN_PORT=9000.",
            "A flag counts over the environment, and that over config.env.",
            "SIGHUP has it read config.env again, as the verb reload does.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " run",
            "  " + Verbs.PROGRAM + " run --target-host localhost --target-port 11434 --target-protocol http",
            "  LISTEN_PORT=9000 " + Verbs.PROGRAM + " run --home /srv/ai-proxy"
        })
final class RunCommand implements Callable<Integer> {

    static final String BACKGROUND = "--background";
    static final String SUCCESSOR = "--successor";

    /** Longer than {@code restart} takes to decide, whatever it decides. */
    static final Duration SUCCESSION_PATIENCE = Starter.START_PATIENCE.plusSeconds(15);

    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = BACKGROUND,
            hidden = true,
            description = "given by start: ends at once if a proxy of this home runs already")
    private boolean background;

    @Option(names = SUCCESSOR, hidden = true, description = "given by restart: takes over from the proxy of this home")
    private boolean successor;

    RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Settings settings = surroundings.settings(spec.commandLine().getParseResult());
        if (!settings.get(ConfigKey.TARGET_TLS_VERIFY)) {
            surroundings.err().println(RunningProxy.UNVERIFIED);
        }
        OwnState state = successor ? OwnState.claimNext(settings) : OwnState.claim(surroundings, settings, background);
        RunningProxy proxy = start(settings, state);
        if (successor) {
            Thread succession = new Thread(() -> takeOverOrEnd(state), "succession");
            succession.setDaemon(true);
            succession.start();
        }
        proxy.greeting().forEach(surroundings.out()::println);
        proxy.warning().ifPresent(surroundings.err()::println);
        GivenFlags flags = SettingFlags.given(spec.commandLine().getParseResult());
        Reloader reloader = new Reloader(surroundings, flags, proxy, state);
        reloader.start();
        Terminal terminal = background ? Terminal.NONE : Terminal.now();
        surroundings.lifetime().serveUntilOver(new DrainAndStop(proxy, reloader, terminal, state));
        return ExitCode.OK;
    }

    private final class DrainAndStop implements Lifetime.Stop {

        private final RunningProxy proxy;
        private final Reloader reloader;
        private final Terminal terminal;
        private final OwnState state;
        private volatile Optional<ServiceReport> report = Optional.empty();

        DrainAndStop(RunningProxy proxy, Reloader reloader, Terminal terminal, OwnState state) {
            this.proxy = proxy;
            this.reloader = reloader;
            this.terminal = terminal;
            this.state = state;
        }

        /** Not before: a service manager may stop at once what has just reported that it is ready. */
        @Override
        public void ready() {
            report = ServiceReport.start(surroundings.environment(), proxy);
            report.ifPresent(systemd -> reloader.tell(systemd::reloaded));
        }

        @Override
        public void run() {
            reloader.close();
            report.ifPresent(ServiceReport::stopping);
            proxy.stop(state, surroundings.err()::println);
            state.release();
        }

        @Override
        public void hurry() {
            state.hurry();
        }

        /** Servers reload on SIGHUP; but when a terminal goes, what runs in it is to end. */
        @Override
        public Optional<Lifetime.Reload> reload() {
            return terminal.isLost() ? Optional.empty() : Optional.of(reloader);
        }
    }

    private ForwardProxyBuilder listening(ForwardProxyBuilder builder) {
        return surroundings
                .socket()
                .map(builder::listen)
                .orElseGet(() -> builder.portSharing(successor ? PortSharing.SUCCESSOR : PortSharing.OFFERED));
    }

    /** Whoever started a successor may be gone; it must not share the port for good. */
    private void takeOverOrEnd(OwnState state) {
        long deadline = System.nanoTime() + SUCCESSION_PATIENCE.toNanos();
        while (!state.isPresent()) {
            if (System.nanoTime() - deadline >= 0) {
                surroundings.lifetime().end();
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        state.tookOver();
    }

    private RunningProxy start(Settings settings, OwnState state) {
        try {
            RunningProxy proxy = RunningProxy.start(settings, this::listening);
            state.listening(proxy);
            return proxy;
        } catch (RuntimeException e) {
            state.release();
            throw e;
        }
    }
}
