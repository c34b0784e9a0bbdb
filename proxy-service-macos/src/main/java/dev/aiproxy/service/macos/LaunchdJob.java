package dev.aiproxy.service.macos;

import dev.aiproxy.service.ServiceSpec;
import java.nio.file.Path;

/**
 * Where a job of launchd lives and how launchctl(1) names it.
 *
 * @param label name of the job, unique in its domain
 * @param domain {@code system}, or {@code gui/} and the uid: the domain of a user who has logged in to the desktop
 * @param plist the file that describes the job
 * @param logs the folder for what the job writes to stdout and stderr
 */
record LaunchdJob(String label, String domain, Path plist, Path logs) {

    static LaunchdJob of(ServiceSpec spec) {
        String label = "dev.aiproxy." + spec.name();
        return switch (spec.scope()) {
            case SYSTEM -> in(Path.of("/Library"), "LaunchDaemons", "system", label, spec.name());
            case USER ->
                in(spec.userHome().resolve("Library"), "LaunchAgents", "gui/" + spec.uid(), label, spec.name());
        };
    }

    private static LaunchdJob in(Path library, String jobs, String domain, String label, String name) {
        Path plist = library.resolve(jobs).resolve(label + ".plist");
        return new LaunchdJob(label, domain, plist, library.resolve("Logs").resolve(name));
    }

    /** The job as most commands of launchctl want it: domain and label. */
    String target() {
        return domain + '/' + label;
    }

    Path stdout() {
        return logs.resolve("service.log");
    }

    Path stderr() {
        return logs.resolve("service.error.log");
    }
}
