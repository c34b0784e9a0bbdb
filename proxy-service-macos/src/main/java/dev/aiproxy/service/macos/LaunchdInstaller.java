package dev.aiproxy.service.macos;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans a launchd job: an agent in {@code ~/Library/LaunchAgents}, which runs from the user's login on the desktop, or
 * a daemon in {@code /Library/LaunchDaemons}, which runs from boot, and as root.
 *
 * <p>Installing twice is an upgrade. launchd reads a job's file only when the job is loaded, so the old job is unloaded
 * first. {@code launchctl bootout} returns while the job still drains, and until it has gone {@code bootstrap} fails
 * with "5: Input/output error"; hence the wait between the two.
 *
 * <p>Source: launchctl(1), launchd.plist(5).
 */
public final class LaunchdInstaller implements ServiceInstaller {

    /** Longer than the job's {@code ExitTimeOut}, after which launchd kills it. */
    private static final int UNLOAD_SECONDS = LaunchdPlist.EXIT_SECONDS + 10;

    /**
     * A loop, since launchctl has no such wait: <a href="https://github.com/rossoctl/cortex/pull/880">a report</a>.
     * The target is an argument, so that it needs no quoting.
     */
    private static final String WAIT_UNTIL_UNLOADED = """
            seconds=%d
            while launchctl print "$1" >/dev/null 2>&1; do
              if [ $seconds -eq 0 ]; then echo "$1 is still stopping; try again later" >&2; exit 1; fi
              seconds=$((seconds - 1))
              sleep 1
            done
            """.formatted(UNLOAD_SECONDS);

    /** Called by {@link java.util.ServiceLoader}. */
    public LaunchdInstaller() {}

    /** {@code launchd}. */
    @Override
    public String name() {
        return "launchd";
    }

    @Override
    public boolean supports(String osName) {
        return osName.startsWith("Mac OS X");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a path or an option of the JVM cannot be written in a property list, or launchd
     *     is to listen
     */
    @Override
    public ServicePlan install(ServiceSpec spec) {
        if (spec.socket().isPresent()) {
            throw new IllegalArgumentException("services of launchd listen by themselves; leave --socket out");
        }
        LaunchdJob job = LaunchdJob.of(spec);
        return new ServicePlan(
                installSummary(spec, job),
                List.of(
                        // launchd makes neither, and starts no job without its home.
                        run("mkdir", "-p", job.logs().toString(), spec.home().toString()),
                        new WriteFile(job.plist(), LaunchdPlist.render(spec, job), "rw-r--r--"),
                        attempt("launchctl", "bootout", job.target()),
                        waitUntilUnloaded(job),
                        // Undoes an earlier `launchctl disable`, which outlives the job's file.
                        run("launchctl", "enable", job.target()),
                        run("launchctl", "bootstrap", job.domain(), job.plist().toString()),
                        // bootstrap starts it, except now and then; "37: already in progress" is what we want to hear.
                        attempt("launchctl", "kickstart", job.target())));
    }

    @Override
    public ServicePlan uninstall(ServiceSpec spec) {
        LaunchdJob job = LaunchdJob.of(spec);
        return new ServicePlan(
                "stops the launchd job %s, removes %s and keeps its logs in %s"
                        .formatted(job.target(), job.plist(), job.logs()),
                removal(job));
    }

    /** {@inheritDoc} Here, that is what the job has written to stdout and stderr. */
    @Override
    public ServicePlan purge(ServiceSpec spec) {
        LaunchdJob job = LaunchdJob.of(spec);
        List<ServiceStep> steps = new ArrayList<>(removal(job));
        steps.add(new DeleteFile(job.stdout()));
        steps.add(new DeleteFile(job.stderr()));
        return new ServicePlan(
                "stops the launchd job %s, removes %s and its logs in %s"
                        .formatted(job.target(), job.plist(), job.logs()),
                steps);
    }

    private static List<ServiceStep> removal(LaunchdJob job) {
        return List.of(
                attempt("launchctl", "bootout", job.target()), waitUntilUnloaded(job), new DeleteFile(job.plist()));
    }

    private static String installSummary(ServiceSpec spec, LaunchdJob job) {
        String start =
                switch (spec.scope()) {
                    case SYSTEM -> "a launchd daemon that starts at boot";
                    case USER -> "a launchd agent that starts when user %d logs in".formatted(spec.uid());
                };
        return "installs %s as %s, and starts it now; logs in %s".formatted(job.plist(), start, job.logs());
    }

    private static Run waitUntilUnloaded(LaunchdJob job) {
        return run("/bin/sh", "-c", WAIT_UNTIL_UNLOADED, "sh", job.target());
    }

    private static Run run(String... command) {
        return new Run(List.of(command), false);
    }

    private static Run attempt(String... command) {
        return new Run(List.of(command), true);
    }
}
