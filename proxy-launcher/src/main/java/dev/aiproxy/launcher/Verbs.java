package dev.aiproxy.launcher;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line as a whole. A verb is a class of its own, added in {@link #verbs}.
 */
@Command(
        name = Verbs.PROGRAM,
        description = "Forwards AI traffic to one server, unchanged and at once.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Without a verb, it runs: flags of run may follow at once.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM,
            "  " + Verbs.PROGRAM + " --target-host api.anthropic.com --listen-port 9000",
            "  " + Verbs.PROGRAM + " setup --target https://api.anthropic.com",
            "  " + Verbs.PROGRAM + " start",
            "  " + Verbs.PROGRAM + " config --json",
            "  " + Verbs.PROGRAM + " demo --once",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running (check, reload, top), 78 wrong settings."
        })
final class Verbs {

    static final String PROGRAM = "proxy-launcher";

    private static final String DEFAULT_VERB = "run";
    private static final Set<String> FLAGS_WITHOUT_VERB = Set.of("-h", "--help", "-V", "--version");
    private static final int HELP_COLUMNS = 100;

    private Verbs() {}

    /** With all verbs. */
    static CommandLine commandLine(Surroundings surroundings) {
        return commandLine(surroundings, verbs(surroundings).values());
    }

    /**
     * With no other verb than the one that a command line begins with, if there is one: to read what the annotations of all
     * say takes a tenth of the time that a proxy needs to start.
     *
     * @param args as {@link #withVerb} returns them
     */
    static CommandLine commandLine(Surroundings surroundings, String... args) {
        Map<String, Supplier<CommandLine>> verbs = verbs(surroundings);
        Supplier<CommandLine> only = verbs.get(args[0]);
        return commandLine(surroundings, only == null ? verbs.values() : List.of(only));
    }

    private static CommandLine commandLine(Surroundings surroundings, Collection<Supplier<CommandLine>> verbs) {
        boolean plain = surroundings.environment().containsKey("NO_COLOR");
        CommandLine program = new CommandLine(new Verbs());
        verbs.forEach(verb -> program.addSubcommand(verb.get()));
        program.setOut(new PrintWriter(surroundings.out(), true))
                .setErr(new PrintWriter(surroundings.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.AUTO))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setExecutionExceptionHandler(new FailureReport());
        ProgramName.apply(surroundings.program(), program);
        return program;
    }

    /** How each is made, by its name, in the order of the help. */
    private static Map<String, Supplier<CommandLine>> verbs(Surroundings surroundings) {
        Map<String, Supplier<CommandLine>> verbs = new LinkedHashMap<>();
        verbs.put(DEFAULT_VERB, () -> withSettings(new RunCommand(surroundings)));
        verbs.put("config", () -> withSettings(new ConfigCommand(surroundings)));
        verbs.put("setup", () -> with(SettingFlags::addHomeAndSettingsTo, new SetupCommand(surroundings)));
        verbs.put("start", () -> withSettings(new StartCommand(surroundings)));
        verbs.put("stop", () -> withHome(new StopCommand(surroundings)));
        verbs.put("restart", () -> withSettings(new RestartCommand(surroundings)));
        verbs.put("reload", () -> withHome(new ReloadCommand(surroundings)));
        verbs.put("check", () -> withPlaces(new CheckCommand(surroundings)));
        verbs.put("top", () -> withHome(new TopCommand(surroundings)));
        verbs.put("show-ip", () -> withPlaces(new ShowIpCommand(surroundings)));
        verbs.put("logs", () -> withPlaces(new LogsCommand(surroundings)).setCaseInsensitiveEnumValuesAllowed(true));
        verbs.put("install-service", () -> withPlaces(new InstallServiceCommand(surroundings)));
        verbs.put("uninstall-service", () -> withPlaces(new UninstallServiceCommand(surroundings)));
        verbs.put("demo", () -> new CommandLine(new DemoCommand(surroundings)));
        verbs.put("version", () -> new CommandLine(new VersionCommand(surroundings)));
        verbs.put("completion", () -> new CommandLine(new CompletionCommand(surroundings)));
        verbs.put(FastStartCommand.NAME, () -> new CommandLine(new FastStartCommand(surroundings)));
        return verbs;
    }

    private static CommandLine withSettings(Object command) {
        return with(SettingFlags::addTo, command);
    }

    private static CommandLine withPlaces(Object command) {
        return with(SettingFlags::addPlacesTo, command);
    }

    private static CommandLine withHome(Object command) {
        return with(SettingFlags::addHomeTo, command);
    }

    private static CommandLine with(Consumer<CommandSpec> flags, Object command) {
        CommandLine verb = new CommandLine(command);
        flags.accept(verb.getCommandSpec());
        return verb;
    }

    /** Puts {@code run} in front of a command line that begins with a flag of {@code run}, or is empty. */
    static String[] withVerb(String... args) {
        boolean hasVerb = args.length > 0 && (!args[0].startsWith("-") || FLAGS_WITHOUT_VERB.contains(args[0]));
        return hasVerb
                ? args
                : Stream.concat(Stream.of(DEFAULT_VERB), Stream.of(args)).toArray(String[]::new);
    }
}
