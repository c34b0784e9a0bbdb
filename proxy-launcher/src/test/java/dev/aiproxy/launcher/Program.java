package dev.aiproxy.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Runs command lines within the test's process, and keeps what they print. */
record Program(Path workingFolder, Map<String, String> environment, Lifetime lifetime) {

    /**
     * What a command line did.
     *
     * @param exitCode code the process would have ended with
     * @param out all of stdout
     * @param err all of stderr
     */
    record Result(int exitCode, String out, String err) {}

    static Program in(Path workingFolder) {
        return new Program(workingFolder, Map.of(), Lifetime.Stop::run);
    }

    Program with(Map<String, String> variables) {
        return new Program(workingFolder, variables, lifetime);
    }

    Program living(Lifetime other) {
        return new Program(workingFolder, environment, other);
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            int exitCode = Main.run(
                    args,
                    new Surroundings(environment, workingFolder, outStream, errStream, lifetime, Optional.empty()));
            return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }
}
