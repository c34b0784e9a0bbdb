package dev.aiproxy.launcher;

import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The program. */
public final class Main {

    private Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        Optional<ServerSocketChannel> socket = GivenSocket.take(System.getenv());
        System.exit(run(
                args,
                new Surroundings(System.getenv(), Path.of(""), System.out, System.err, new ProcessLifetime(), socket)));
    }

    /**
     * Runs a command line within this process.
     *
     * @return the exit code
     */
    static int run(String[] args, Surroundings surroundings) {
        String[] line = Verbs.withVerb(args);
        return Verbs.commandLine(surroundings, line).execute(line);
    }
}
