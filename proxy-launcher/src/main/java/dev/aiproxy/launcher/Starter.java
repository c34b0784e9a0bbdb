package dev.aiproxy.launcher;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.ParseResult;

/** Starts the proxy of a home in the background, once; what {@code start} does, and half of what {@code restart} does. */
final class Starter {

    static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final Surroundings surroundings;
    private final Settings settings;
    private final GivenFlags flags;
    private final HomeProxy proxy;

    private Starter(Surroundings surroundings, Settings settings, GivenFlags flags) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.flags = flags;
        this.proxy = new HomeProxy(settings.home());
    }

    /**
     * Reads and checks the settings.
     *
     * @throws InvalidSettingsException if one is wrong
     * @throws dev.aiproxy.InvalidConfigException if they do not go together
     */
    static Starter of(Surroundings surroundings, ParseResult parsed) {
        Settings settings = surroundings.settings(parsed);
        ProxyAssembly.builder(settings).build().close();
        return new Starter(surroundings, settings, SettingFlags.given(parsed));
    }

    HomeProxy proxy() {
        return proxy;
    }

    /** @throws VerbFailedException if nothing could listen where the settings say */
    void checkPort() {
        checkPort(settings);
    }

    /** The same for any settings. */
    static void checkPort(Settings settings) {
        String host = settings.get(ConfigKey.LISTEN_HOST);
        int port = settings.get(ConfigKey.LISTEN_PORT);
        PortCheck.problem(host, port).ifPresent(problem -> {
            throw new VerbFailedException("cannot listen on " + host + ":" + port + ": " + problem);
        });
    }

    /** Whether the settings name another port than the one a proxy has. */
    boolean movesFrom(ProxyState running) {
        int port = settings.get(ConfigKey.LISTEN_PORT);
        return port != 0
                && running.address()
                        .filter(address -> address.socket().getPort() == port)
                        .isEmpty();
    }

    /** Tells of what the proxy that runs has by a flag or the environment, and the next one will not have. */
    void warnOfWhatIsLost(ProxyState running) {
        List<String> lost = running.given().stream()
                .filter(name ->
                        ConfigKey.named(name).filter(settings::isDefault).isPresent())
                .toList();
        if (!lost.isEmpty()) {
            surroundings
                    .err()
                    .println("warning: %s had %s from flags or the environment, and the next one goes without;"
                                    .formatted(HomeProxy.name(running), String.join(", ", lost))
                            + " give it again, or put it into config.env");
        }
    }

    /** Returns the exit code when the proxy answers, or cannot. */
    int start() {
        if (proxy.state().isRunning()) {
            return already();
        }
        checkPort();
        BackgroundRun run = BackgroundRun.start(surroundings, settings, flags, RunCommand.BACKGROUND);
        ProxyState state = proxy.await(START_PATIENCE, seen -> HomeProxy.isHealthy(seen) || !run.isAlive());
        if (!run.isAlive()) {
            // Another one, started at the same moment, may have been faster.
            return proxy.state().isRunning() ? already() : ended(run);
        }
        if (!HomeProxy.isHealthy(state)) {
            throw hanging(run);
        }
        tell("started as", state);
        run.lastLines().stream()
                .filter(line -> line.startsWith("warning: "))
                // Those have been told.
                .filter(line -> !settings.warnings().contains(line))
                .forEach(surroundings.err()::println);
        BackgroundRun.makeNextOneFaster(surroundings);
        return ExitCode.OK;
    }

    /** Starts another proxy beside the one that runs, and returns when it answers; its exit code if it cannot. */
    OptionalInt startSuccessor() {
        HomeProxy successor = proxy.successor();
        if (successor.state().isRunning()) {
            throw new VerbFailedException("another restart is under way in " + proxy.home());
        }
        BackgroundRun run = BackgroundRun.start(surroundings, settings, flags, RunCommand.SUCCESSOR);
        ProxyState state = successor.await(START_PATIENCE, seen -> HomeProxy.isHealthyBeside(seen) || !run.isAlive());
        if (!run.isAlive()) {
            return OptionalInt.of(ended(run));
        }
        if (!HomeProxy.isHealthyBeside(state)) {
            throw hanging(run);
        }
        return OptionalInt.empty();
    }

    private int already() {
        ProxyState state = proxy.await(START_PATIENCE, HomeProxy::isHealthy);
        if (!HomeProxy.isHealthy(state)) {
            throw new VerbFailedException(
                    "already running as " + HomeProxy.name(state) + ", but it does not answer; stop it first");
        }
        tell("already running as", state);
        return ExitCode.OK;
    }

    /** It has said why, if it could. */
    private int ended(BackgroundRun run) {
        List<String> lines = run.lastLines();
        if (lines.isEmpty()) {
            throw new VerbFailedException("the proxy ended with exit code " + run.exitCode()
                    + " and could not say why; is there room for logs in " + settings.get(ConfigKey.LOG_DIR) + "?");
        }
        lines.forEach(surroundings.err()::println);
        return run.exitCode() == ExitCode.CONFIG ? ExitCode.CONFIG : ExitCode.FAILED;
    }

    private VerbFailedException hanging(BackgroundRun run) {
        run.kill();
        run.lastLines().forEach(surroundings.err()::println);
        return new VerbFailedException("the proxy did not answer within " + START_PATIENCE.toSeconds()
                + " s and was ended; its logs are in " + settings.get(ConfigKey.LOG_DIR));
    }

    void tell(String what, ProxyState state) {
        surroundings
                .out()
                .println(what + " " + HomeProxy.name(state) + ": "
                        + state.address().map(ListenAddress::localUri).orElse("not listening yet"));
        state.target().ifPresent(target -> surroundings.out().println("forwarding to " + target));
        state.logDir().ifPresent(logs -> surroundings.out().println("logs in " + logs));
    }
}
