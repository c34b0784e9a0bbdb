package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Writes what teaches a shell to complete verbs and flags. Not shown in the help, since the release brings it along. */
@Command(
        name = "completion",
        hidden = true,
        description =
                "Prints a script that teaches bash and zsh to complete verbs and flags: source <(... completion).",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class CompletionCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash(surroundings.program(), Verbs.commandLine(surroundings));
        surroundings.out().print(script);
        return ExitCode.OK;
    }
}
