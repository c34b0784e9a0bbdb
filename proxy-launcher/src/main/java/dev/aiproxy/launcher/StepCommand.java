package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceStep.Run;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Runs the command of a step. */
final class StepCommand {

    private StepCommand() {}

    /** @throws StepFailedException if it cannot be run, or fails and may not */
    static void run(Run step) throws StepFailedException {
        try {
            Process process = new ProcessBuilder(step.command())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            if (exitCode != 0 && !step.mayFail()) {
                throw new StepFailedException(
                        "%s failed with exit code %d%s".formatted(text(step), exitCode, reason(output)));
            }
        } catch (IOException e) {
            if (!step.mayFail()) {
                throw new StepFailedException(
                        "cannot run %s: it is not installed"
                                .formatted(step.command().get(0)),
                        e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted while this ran: " + text(step), e);
        }
    }

    /** What programs say last is mostly a hint; why they failed stands first. */
    private static String reason(String output) {
        return output.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> ": " + line.strip())
                .orElse("");
    }

    /** As it would be typed into a shell. */
    static String text(Run step) {
        return step.command().stream().map(StepCommand::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        boolean isPlain = word.matches("[A-Za-z0-9_@%+=:,./-]+");
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The steps of these that are commands. */
    static List<Run> commandsOf(List<?> steps) {
        return steps.stream().filter(Run.class::isInstance).map(Run.class::cast).toList();
    }
}
