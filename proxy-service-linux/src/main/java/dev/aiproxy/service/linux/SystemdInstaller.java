package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans a systemd service: of the machine in {@code /etc/systemd/system}, where it starts at boot in a sandbox and
 * needs systemd 247 or newer, or of one user in {@code ~/.config/systemd/user}.
 *
 * <p>Installing twice is an upgrade: the unit is replaced and the service restarted. What an administrator added with
 * {@code systemctl edit} lives in files of its own and survives both; so do the logs and what the service stored.
 *
 * <p>Source: systemctl(1), systemd.unit(5), loginctl(1).
 */
public final class SystemdInstaller implements ServiceInstaller {

    private static final Path SYSTEM_UNITS = Path.of("/etc/systemd/system");

    /** Called by {@link java.util.ServiceLoader}. */
    public SystemdInstaller() {}

    /** {@code systemd}. */
    @Override
    public String name() {
        return "systemd";
    }

    /** Whether the machine runs Linux; one without systemd is found out when {@code systemctl} is missing. */
    @Override
    public boolean supports(String osName) {
        return osName.equals("Linux");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a path or an option of the JVM cannot be written in a unit
     */
    @Override
    public ServicePlan install(ServiceSpec spec) {
        Path unit = unitPath(spec);
        List<ServiceStep> steps = new ArrayList<>();
        steps.add(new WriteFile(unit, SystemdUnit.render(spec), "rw-r--r--"));
        steps.add(systemctl(spec, "daemon-reload"));
        steps.add(systemctl(spec, "enable", serviceName(spec)));
        // A service that failed too often may not be started again, even by hand, until its count is cleared.
        steps.add(attempt(systemctl(spec, "reset-failed", serviceName(spec))));
        steps.add(systemctl(spec, "restart", serviceName(spec)));
        if (spec.scope() == Scope.USER) {
            steps.add(attempt(lingering(spec)));
        }
        return new ServicePlan(installSummary(spec, unit), steps);
    }

    @Override
    public ServicePlan uninstall(ServiceSpec spec) {
        String summary = "stops the systemd service %s, removes %s and keeps its logs";
        return new ServicePlan(summary.formatted(spec.name(), unitPath(spec)), removal(spec, List.of()));
    }

    /** {@inheritDoc} Here, those are the state and the logs of the machine's service; the journal is left alone. */
    @Override
    public ServicePlan purge(ServiceSpec spec) {
        if (spec.scope() == Scope.USER) {
            return uninstall(spec);
        }
        String summary = "stops the systemd service %s, removes %s, its state and its logs";
        return new ServicePlan(
                summary.formatted(spec.name(), unitPath(spec)),
                removal(spec, List.of(attempt(systemctl(spec, "clean", "--what=all", serviceName(spec))))));
    }

    private static List<ServiceStep> removal(ServiceSpec spec, List<ServiceStep> whenStopped) {
        List<ServiceStep> steps = new ArrayList<>();
        steps.add(attempt(systemctl(spec, "disable", "--now", serviceName(spec))));
        steps.addAll(whenStopped);
        steps.add(new DeleteFile(unitPath(spec)));
        steps.add(systemctl(spec, "daemon-reload"));
        steps.add(attempt(systemctl(spec, "reset-failed", serviceName(spec))));
        return steps;
    }

    private static String installSummary(ServiceSpec spec, Path unit) {
        return switch (spec.scope()) {
            case SYSTEM -> "installs %s as a systemd service that starts at boot, and starts it now".formatted(unit);
            case USER ->
                ("installs %s as a systemd service of user %d, and starts it now;"
                                + " it starts at boot if `loginctl enable-linger` is permitted, else at login")
                        .formatted(unit, spec.uid());
        };
    }

    private static Path unitPath(ServiceSpec spec) {
        return switch (spec.scope()) {
            case SYSTEM -> SYSTEM_UNITS.resolve(serviceName(spec));
            case USER -> spec.userHome().resolve(".config/systemd/user").resolve(serviceName(spec));
        };
    }

    private static String serviceName(ServiceSpec spec) {
        return spec.name() + ".service";
    }

    private static Run systemctl(ServiceSpec spec, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add("systemctl");
        if (spec.scope() == Scope.USER) {
            command.add("--user");
        }
        command.addAll(List.of(arguments));
        return new Run(command, false);
    }

    /**
     * Keeps the user's services running without a login. It may be refused, and then the service still works while the
     * user is logged in; hence no question for a password. Uninstalling leaves it: other services may rely on it.
     */
    private static Run lingering(ServiceSpec spec) {
        return new Run(List.of("loginctl", "--no-ask-password", "enable-linger", Long.toString(spec.uid())), false);
    }

    private static Run attempt(Run step) {
        return new Run(step.command(), true);
    }
}
