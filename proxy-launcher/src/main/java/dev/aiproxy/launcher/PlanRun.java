package dev.aiproxy.launcher;

import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The steps of a plan, carried out. Files can be put back as they were; what commands did can only be undone by other
 * commands, so whoever starts a run says which.
 */
final class PlanRun {

    private final Deque<FileChange> changes = new ArrayDeque<>();
    private boolean hasRunCommands;

    /** @throws StepFailedException by the first step that fails; those before it stay done */
    void apply(ServicePlan plan) throws StepFailedException {
        for (ServiceStep step : plan.steps()) {
            apply(step);
        }
    }

    private void apply(ServiceStep step) throws StepFailedException {
        if (step instanceof WriteFile write) {
            FileChange change = FileChange.before(write.path());
            changes.push(change);
            change.write(write.content(), write.mode());
        } else if (step instanceof DeleteFile delete) {
            FileChange change = FileChange.before(delete.path());
            changes.push(change);
            change.delete();
        } else if (step instanceof Run run) {
            hasRunCommands = true;
            StepCommand.run(run);
        }
    }

    /** Whether any command was begun, so that there may be more to undo than files. */
    boolean hasRunCommands() {
        return hasRunCommands;
    }

    /** Carries out steps as far as they go; failures are of no interest any more. */
    void attempt(List<? extends ServiceStep> steps) {
        for (ServiceStep step : steps) {
            try {
                apply(step);
            } catch (StepFailedException goOn) {
                // One failure has been told already, and the next step may still mend something.
            }
        }
    }

    /**
     * Puts every file back as it was before this run, the last change first.
     *
     * @throws IOException the first failure; the others are put back anyway
     */
    void restoreFiles() throws IOException {
        IOException first = null;
        while (!changes.isEmpty()) {
            try {
                changes.pop().undo();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
