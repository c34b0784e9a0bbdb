package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the versions that a report of a problem should name. */
@Command(
        name = "version",
        description = "Shows the versions of the program, of Jetty, Java and the operating system.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class VersionCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Option(names = "--json", description = "as a JSON object of version, jetty, java and os")
    private boolean json;

    VersionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings
                .out()
                .println(json ? Version.json() : String.join(System.lineSeparator(), new Version().getVersion()));
        return ExitCode.OK;
    }
}
