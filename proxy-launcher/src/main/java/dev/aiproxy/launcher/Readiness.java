package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a proxy with these settings could start here and now. */
final class Readiness {

    private final Settings settings;
    private final PrintStream out;

    Readiness(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Prints a line for each thing it takes; returns whether all is well. */
    boolean report() {
        boolean hasJava = line("Java " + Runtime.version(), Optional.empty());
        Path logs = settings.get(ConfigKey.LOG_DIR);
        boolean hasLogs = line("logs in " + logs, logProblem(logs));
        String address = settings.get(ConfigKey.LISTEN_HOST) + ":" + settings.get(ConfigKey.LISTEN_PORT);
        boolean hasPort = line("listen on " + address, portProblem());
        line("forward to " + ProxyAssembly.target(settings), Optional.empty());
        return hasJava && hasLogs && hasPort;
    }

    private boolean line(String what, Optional<String> problem) {
        out.println(problem.map(reason -> "problem: " + what + ": " + reason).orElse("ok: " + what));
        return problem.isEmpty();
    }

    private static Optional<String> logProblem(Path logs) {
        try {
            Files.createDirectories(logs);
            return Files.isWritable(logs) ? Optional.empty() : Optional.of("cannot be written; choose another LOG_DIR");
        } catch (IOException e) {
            return Optional.of("cannot be made; choose another LOG_DIR");
        }
    }

    private Optional<String> portProblem() {
        int port = settings.get(ConfigKey.LISTEN_PORT);
        boolean isOurs = new HomeProxy(settings.home())
                .state()
                .address()
                .filter(address -> address.socket().getPort() == port)
                .isPresent();
        return isOurs ? Optional.empty() : PortCheck.problem(settings.get(ConfigKey.LISTEN_HOST), port);
    }
}
