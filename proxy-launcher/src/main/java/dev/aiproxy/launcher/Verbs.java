package dev.aiproxy.launcher;

import java.io.PrintWriter;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/**
 * The command line as a whole. A verb is a class of its own, added in {@link #commandLine}.
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

    static CommandLine commandLine(Surroundings surroundings) {
        boolean plain = surroundings.environment().containsKey("NO_COLOR");
        CommandLine program = new CommandLine(new Verbs())
                .addSubcommand(withSettings(new CommandLine(new RunCommand(surroundings))))
                .addSubcommand(withSettings(new CommandLine(new ConfigCommand(surroundings))))
                .addSubcommand(withSettings(new CommandLine(new SetupCommand(surroundings))))
                .addSubcommand(withSettings(new CommandLine(new StartCommand(surroundings))))
                .addSubcommand(withHome(new CommandLine(new StopCommand(surroundings))))
                .addSubcommand(withSettings(new CommandLine(new RestartCommand(surroundings))))
                .addSubcommand(withHome(new CommandLine(new ReloadCommand(surroundings))))
                .addSubcommand(withPlaces(new CommandLine(new CheckCommand(surroundings))))
                .addSubcommand(withHome(new CommandLine(new TopCommand(surroundings))))
                .addSubcommand(withPlaces(new CommandLine(new ShowIpCommand(surroundings))))
                .addSubcommand(withPlaces(
                        new CommandLine(new LogsCommand(surroundings)).setCaseInsensitiveEnumValuesAllowed(true)))
                .addSubcommand(withPlaces(new CommandLine(new InstallServiceCommand(surroundings))))
                .addSubcommand(withPlaces(new CommandLine(new UninstallServiceCommand(surroundings))))
                .addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(new VersionCommand(surroundings))
                .addSubcommand(new CompletionCommand(surroundings))
                .addSubcommand(new FastStartCommand(surroundings))
                .setOut(new PrintWriter(surroundings.out(), true))
                .setErr(new PrintWriter(surroundings.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.AUTO))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setExecutionExceptionHandler(new FailureReport());
        ProgramName.apply(surroundings.program(), program);
        return program;
    }

    private static CommandLine withSettings(CommandLine verb) {
        SettingFlags.addTo(verb.getCommandSpec());
        return verb;
    }

    private static CommandLine withPlaces(CommandLine verb) {
        SettingFlags.addPlacesTo(verb.getCommandSpec());
        return verb;
    }

    private static CommandLine withHome(CommandLine verb) {
        SettingFlags.addHomeTo(verb.getCommandSpec());
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
