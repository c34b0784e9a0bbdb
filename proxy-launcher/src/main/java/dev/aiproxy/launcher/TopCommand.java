package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a proxy does at the moment. */
@Command(
        name = "top",
        description = "Shows the streams in flight, what ended last, and how fast it all is; q ends.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Asks the admin port of the proxy, so ADMIN_PORT has to be set. In a terminal it is drawn anew once a",
            "second; elsewhere, and with --once, it is printed once. A browser shows the same at that port.",
            "",
            "Exit codes: 0 done, 1 no admin port, or it does not answer, 3 not running.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " top",
            "  " + Verbs.PROGRAM + " top --json | jq --unbuffered .totals.inFlight",
            "  " + Verbs.PROGRAM + " top --once --admin 127.0.0.1:9091"
        })
final class TopCommand implements Callable<Integer> {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int USUAL_COLUMNS = 120;
    private static final String TRYING_AGAIN = "\ntrying again; q ends\n";

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "as a JSON object on one line, once a second")
    private boolean json;

    @Option(names = "--once", description = "print it once, and end")
    private boolean once;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "admin port to ask, instead of that of the home's proxy")
    private Optional<String> admin = Optional.empty();

    TopCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Optional<AdminProbe> probe = probe();
        if (probe.isEmpty()) {
            return ExitCode.NOT_RUNNING;
        }
        // Names may have any character in them, whatever the system thinks that the terminal has.
        PrintStream out = new PrintStream(surroundings.out(), true, StandardCharsets.UTF_8);
        if (json) {
            printJson(probe.get(), out);
        } else if (once || !TopTerminal.isThere()) {
            out.print(asked(probe.get(), TopPage.request(form(new TopTerminal.Size(0, columns()), isColoured(false)))));
        } else {
            redraw(probe.get(), out);
        }
        return ExitCode.OK;
    }

    private Optional<AdminProbe> probe() {
        if (admin.isPresent()) {
            return admin.map(AdminProbe::at);
        }
        HomeProxy proxy = homeProxy();
        ProxyState state = proxy.state();
        if (!state.isRunning()) {
            surroundings.err().println("not running in " + proxy.home());
            return Optional.empty();
        }
        return Optional.of(AdminProbe.of(state));
    }

    private HomeProxy homeProxy() {
        return new HomeProxy(surroundings.home(spec.commandLine().getParseResult()));
    }

    private void printJson(AdminProbe probe, PrintStream out) {
        do {
            out.print(asked(probe, "/live.json"));
            boolean isRead = !out.checkError();
            if (once || !isRead) {
                return;
            }
            LockSupport.parkNanos(EVERY.toNanos());
        } while (!Thread.currentThread().isInterrupted());
    }

    private static String asked(AdminProbe probe, String target) {
        try {
            return probe.ask(target);
        } catch (IOException e) {
            throw new VerbFailedException(noAnswer(probe, e), e);
        }
    }

    private static String noAnswer(AdminProbe probe, IOException failure) {
        return "the admin port " + probe.authority() + " does not answer: " + failure.getMessage();
    }

    private void redraw(AdminProbe first, PrintStream out) throws IOException {
        AdminProbe probe = first;
        try (TopTerminal terminal = TopTerminal.open(out)) {
            do {
                TopForm form = form(terminal.size(), isColoured(true));
                try {
                    terminal.show(probe.ask(TopPage.request(form)));
                } catch (IOException e) {
                    terminal.show(noAnswer(probe, e) + TRYING_AGAIN);
                    probe = foundAgain(probe);
                } catch (VerbFailedException e) {
                    terminal.show(e.getMessage() + TRYING_AGAIN);
                }
            } while (!terminal.isLeft(EVERY));
        }
    }

    /** A proxy that restarts is back soon, with {@code ADMIN_PORT=0} at another port. */
    private AdminProbe foundAgain(AdminProbe before) {
        if (admin.isPresent()) {
            return before;
        }
        try {
            ProxyState state = homeProxy().state();
            return state.isRunning() && state.adminAddress().isPresent() ? AdminProbe.of(state) : before;
        } catch (VerbFailedException notNow) {
            return before;
        }
    }

    private TopForm form(TopTerminal.Size size, boolean isColoured) {
        return new TopForm(size.columns(), size.lines(), isColoured, isUnicode(), ZoneId.systemDefault());
    }

    private boolean isColoured(boolean isTerminal) {
        Map<String, String> environment = surroundings.environment();
        return isTerminal && !environment.containsKey("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
    }

    /** As the terminal's owner has told programs of it; the first that is set counts, as everywhere. */
    private boolean isUnicode() {
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> surroundings.environment().getOrDefault(name, ""))
                .filter(locale -> !locale.isEmpty())
                .findFirst()
                .map(locale -> locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
                .orElse(false);
    }

    private int columns() {
        try {
            return Integer.parseInt(surroundings.environment().getOrDefault("COLUMNS", ""));
        } catch (NumberFormatException unset) {
            return USUAL_COLUMNS;
        }
    }
}
