package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Supplier;

/** Puts a service in place or takes it away, and if that fails leaves all as it was before. */
final class ServiceInstallation {

    private final ServiceInstaller installer;
    private final ServiceSpec service;

    ServiceInstallation(ServiceInstaller installer, ServiceSpec service) {
        this.installer = installer;
        this.service = service;
    }

    /** What must be true in the end for all of it to have been a success. */
    @FunctionalInterface
    interface Proof {

        void prove() throws StepFailedException;
    }

    /** @throws VerbFailedException if the installer cannot make a plan, such as for a path that it cannot write down */
    static ServicePlan plan(Supplier<ServicePlan> planning) {
        try {
            return planning.get();
        } catch (IllegalArgumentException e) {
            throw new VerbFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the service is installed: what uninstalling would delete is there. */
    boolean isThere() {
        return plan(() -> installer.uninstall(service)).steps().stream()
                .anyMatch(step -> step instanceof DeleteFile delete && Files.exists(delete.path()));
    }

    /** @throws VerbFailedException if a step or the proof fails; all is then as before */
    void install(ServicePlan plan, Proof proof) {
        boolean wasThere = isThere();
        ServicePlan undoing = plan(() -> installer.undo(service, wasThere));
        PlanRun run = new PlanRun();
        try {
            run.apply(plan);
            proof.prove();
        } catch (StepFailedException e) {
            if (run.hasRunCommands()) {
                run.attempt(undoing.steps());
            }
            throw undone(run, wasThere, e);
        }
    }

    /** @throws VerbFailedException if a step fails; all is then as before */
    void uninstall(ServicePlan plan) {
        boolean wasThere = isThere();
        PlanRun run = new PlanRun();
        try {
            run.apply(plan);
        } catch (StepFailedException e) {
            throw undone(run, wasThere, e);
        }
    }

    /** The files come back, and then the commands that made a service of them. */
    private VerbFailedException undone(PlanRun run, boolean wasThere, StepFailedException failure) {
        try {
            run.restoreFiles();
        } catch (IOException e) {
            return new VerbFailedException(
                    failure.getMessage() + "; and what was done could not be undone: " + e.getMessage(), failure);
        }
        if (wasThere && run.hasRunCommands()) {
            run.attempt(StepCommand.commandsOf(
                    plan(() -> installer.install(service)).steps()));
        }
        return new VerbFailedException(failure.getMessage() + "; all is as it was before", failure);
    }
}
