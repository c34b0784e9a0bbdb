package dev.aiproxy.launcher;

import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan, written out for people. */
final class PlanText {

    private PlanText() {}

    static Stream<String> lines(ServicePlan plan) {
        return Stream.concat(Stream.of(plan.summary()), plan.steps().stream().map(PlanText::step));
    }

    private static String step(ServiceStep step) {
        if (step instanceof WriteFile write) {
            String content = write.content().lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
            return "write " + write.path() + " with mode " + write.mode() + ":\n" + content;
        }
        if (step instanceof DeleteFile delete) {
            return "delete " + delete.path();
        }
        if (step instanceof Run run) {
            return (run.mayFail() ? "run, may fail: " : "run: ") + StepCommand.text(run);
        }
        throw new IllegalStateException("unknown step " + step);
    }
}
