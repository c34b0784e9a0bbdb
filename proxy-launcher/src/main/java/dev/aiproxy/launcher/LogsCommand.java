package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Shows the end of a log. */
@Command(
        name = "logs",
        description = "Shows the end of a log of the proxy.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " logs",
            "  " + Verbs.PROGRAM + " logs access -f",
            "  " + Verbs.PROGRAM + " logs -n 1000 --home /srv/ai-proxy"
        })
final class LogsCommand implements Callable<Integer> {

    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    /** The logs there are. */
    enum Log {
        /** What the proxy tells of itself. */
        PROXY,
        /** One line for each exchange. */
        ACCESS,
        /** What a proxy in the background has printed. */
        CONSOLE
    }

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "LOG",
            defaultValue = "proxy",
            description = "proxy, access, or console: what a proxy in the background has printed (proxy)")
    private Log log = Log.PROXY;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what is added, until Ctrl-C")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            description = "how many lines (100)")
    private int lines = 100;

    LogsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (lines < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--lines': must be 1 or more, was " + lines);
        }
        Path folder = folder(spec.commandLine().getParseResult());
        Path file = folder.resolve(log.name().toLowerCase(Locale.ROOT) + ".log");
        try (LogTail tail = LogTail.open(file, lines, surroundings.out())) {
            tail.copyNew();
            while (follow && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
                tail.copyNew();
            }
            return ExitCode.OK;
        } catch (NoSuchFileException e) {
            throw new VerbFailedException("there is no " + file + " yet", e);
        }
    }

    /** That of the proxy that runs, since it may have been started with flags. */
    private Path folder(ParseResult parsed) {
        return new HomeProxy(surroundings.home(parsed)).state().logDir().orElseGet(() -> surroundings
                .settings(parsed)
                .get(ConfigKey.LOG_DIR));
    }
}
