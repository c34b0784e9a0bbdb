package dev.aiproxy.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@code run} of this very program that goes on when whoever started it has left. */
final class BackgroundRun {

    private static final String CONSOLE = "console.log";
    private static final int LINES_SHOWN = 20;

    /**
     * Ctrl-C reaches all processes of a terminal; what is ignored stays so in the program. SIGHUP is not, though terminals send
     * it, too, when they go: a proxy in the background takes it for a reload.
     */
    private static final String DETACH = "trap '' INT; exec \"$@\"";

    private final Process process;
    private final Path console;
    private final long consoleStart;

    private BackgroundRun(Process process, Path console, long consoleStart) {
        this.process = process;
        this.console = console;
        this.consoleStart = consoleStart;
    }

    /**
     * Starts the process; what it prints goes to {@code console.log} beside the other logs.
     *
     * @param role flag that tells {@code run} what it is started for
     * @throws VerbFailedException if it cannot be started
     */
    static BackgroundRun start(Surroundings surroundings, Settings settings, GivenFlags flags, String role) {
        Path console = settings.get(ConfigKey.LOG_DIR).resolve(CONSOLE);
        try {
            Files.createDirectories(console.getParent());
            long end = Files.exists(console) ? Files.size(console) : 0;
            ProcessBuilder run = new ProcessBuilder(command(surroundings, settings, flags, role))
                    .directory(settings.home().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
            run.environment().putAll(secrets(flags));
            return new BackgroundRun(run.start(), console, end);
        } catch (IOException e) {
            throw new VerbFailedException("cannot start the proxy: " + e.getMessage(), e);
        }
    }

    private static List<String> command(Surroundings surroundings, Settings settings, GivenFlags flags, String role) {
        List<String> command = detached(surroundings.environment());
        command.add(OwnProgram.java().toString());
        command.addAll(JvmOptions.forChild(surroundings.environment()));
        command.addAll(List.of("-jar", OwnProgram.jar().toString(), "run", role));
        command.addAll(List.of("--home", settings.home().toString()));
        flags.config().ifPresent(config -> {
            command.add("--config");
            command.add(surroundings
                    .workingFolder()
                    .resolve(config)
                    .toAbsolutePath()
                    .toString());
        });
        flags.values().forEach((name, value) -> ConfigKey.named(name)
                .filter(key -> !key.isSecret(value.text()))
                .ifPresent(key -> command.add(key.flag() + "=" + value.text())));
        return command;
    }

    /** Everyone on the machine can read the command line of a process, and its user alone what its environment says. */
    private static Map<String, String> secrets(GivenFlags flags) {
        Map<String, String> secrets = new HashMap<>();
        flags.values().forEach((name, value) -> ConfigKey.named(name)
                .filter(key -> key.isSecret(value.text()))
                .ifPresent(key -> secrets.put(name, value.text())));
        return secrets;
    }

    /** Makes the next start faster, at leisure and after this process has ended; nobody waits for it. */
    static void makeNextOneFaster(Surroundings surroundings) {
        boolean isToDo = SharedClasses.of(surroundings.environment())
                .filter(classes -> !classes.isThere())
                .isPresent();
        if (!isToDo) {
            return;
        }
        List<String> command = detached(surroundings.environment());
        if (isOnPath(surroundings.environment(), "nice")) {
            command.addAll(List.of("nice", "-n", "19"));
        }
        command.add(OwnProgram.java().toString());
        command.addAll(List.of("-jar", OwnProgram.jar().toString(), FastStartCommand.NAME));
        try {
            new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException slowAsBefore) {
            // Nothing is lost but time.
            return;
        }
    }

    private static List<String> detached(Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", DETACH, "sh"));
        if (isOnPath(environment, "setsid")) {
            command.add("setsid");
        }
        return command;
    }

    private static boolean isOnPath(Map<String, String> environment, String program) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code of a process that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** The last lines it has printed. */
    List<String> lastLines() {
        try {
            byte[] all = Files.readAllBytes(console);
            int from = (int) Math.min(consoleStart, all.length);
            List<String> lines = new String(all, from, all.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        } catch (IOException e) {
            return List.of("cannot read " + console);
        }
    }
}
