package dev.aiproxy.launcher;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lets the help call the program by the name that it was started by. */
final class ProgramName {

    private ProgramName() {}

    static void apply(String name, CommandLine program) {
        if (name.equals(Verbs.PROGRAM)) {
            return;
        }
        program.setCommandName(name);
        rename(name, program);
        program.getSubcommands().values().forEach(verb -> rename(name, verb));
    }

    private static void rename(String name, CommandLine verb) {
        UsageMessageSpec help = verb.getCommandSpec().usageMessage();
        help.footer(Arrays.stream(help.footer())
                .map(line -> line.replace(Verbs.PROGRAM, name))
                .toArray(String[]::new));
    }
}
