package dev.aiproxy.service.linux;

import static dev.aiproxy.service.linux.SystemdPlaces.serviceName;
import static dev.aiproxy.service.linux.SystemdPlaces.socketName;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

    private final Supplier<SystemdHost> host;
    private final SystemdPlaces places;
    private final NameCheck names;

    /** Called by {@link java.util.ServiceLoader}. */
    public SystemdInstaller() {
        this(SystemdHost::ofThisMachine);
    }

    /** @param host asked for each plan */
    SystemdInstaller(Supplier<SystemdHost> host) {
        this(host, new SystemdPlaces(Path.of("/")));
    }

    SystemdInstaller(Supplier<SystemdHost> host, SystemdPlaces places) {
        this.host = host;
        this.places = places;
        this.names = new NameCheck(places);
    }

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
     * @throws IllegalArgumentException if a path or an option of the JVM cannot be written in a unit, or the name is
     *     masked or somebody else's
     */
    @Override
    public ServicePlan install(ServiceSpec spec) {
        names.checkForInstallation(spec);
        SystemdHost machine = host.get();
        Path unit = places.service(spec);
        Path socket = places.socket(spec);
        List<ServiceStep> steps = new ArrayList<>();
        if (spec.socket().isEmpty() && hasSocket(spec)) {
            steps.add(attempt(systemctl(spec, "disable", "--now", socketName(spec))));
            steps.add(new DeleteFile(socket));
        }
        String socketText = spec.socket().isEmpty() ? "" : SystemdSocket.render(spec);
        boolean isNewSocket = spec.socket().isPresent() && !socketText.equals(textOf(socket));
        if (isNewSocket) {
            steps.add(new WriteFile(socket, socketText, "rw-r--r--"));
        }
        steps.add(new WriteFile(unit, SystemdUnit.render(spec, machine), "rw-r--r--"));
        steps.add(systemctl(spec, "daemon-reload"));
        steps.addAll(start(spec, isNewSocket));
        return new ServicePlan(installSummary(spec, unit) + shortcomings(spec, machine), steps);
    }

    private static List<ServiceStep> start(ServiceSpec spec, boolean isNewSocket) {
        List<String> units = unitNames(spec, spec.socket().isPresent());
        List<ServiceStep> steps = new ArrayList<>();
        steps.add(systemctl(spec, "enable", units));
        // A service that failed too often may not be started again, even by hand, until its count is cleared.
        steps.add(attempt(systemctl(spec, "reset-failed", units)));
        if (isNewSocket) {
            // systemd refuses to listen for a service that runs.
            steps.add(attempt(systemctl(spec, "stop", serviceName(spec))));
            steps.add(systemctl(spec, "restart", socketName(spec)));
        }
        steps.add(systemctl(spec, "restart", serviceName(spec)));
        if (spec.scope() == Scope.USER) {
            steps.add(attempt(lingering(spec)));
        }
        return steps;
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notThereOrOdd) {
            return "";
        }
    }

    private static String shortcomings(ServiceSpec spec, SystemdHost machine) {
        String text = "";
        if (!machine.hasNotify()) {
            text += "; there is no systemd-notify here, so systemd learns neither when it is ready nor that it hangs";
        }
        if (!machine.hasCredentials() && spec.scope() == Scope.SYSTEM) {
            text += "; systemd %d hands no files over, so everybody must be able to read %s"
                    .formatted(machine.version(), spec.config());
        }
        return text;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the service is masked or somebody else's
     */
    @Override
    public ServicePlan uninstall(ServiceSpec spec) {
        names.checkUnits(spec);
        String summary = "stops the systemd service %s, removes %s and keeps its logs";
        return new ServicePlan(
                summary.formatted(spec.name(), places.service(spec)), removal(spec, hasSocket(spec), List.of()));
    }

    /**
     * {@inheritDoc} Here, those are the state and the logs of the machine's service; the journal is left alone.
     *
     * @throws IllegalArgumentException if the service is masked or somebody else's
     */
    @Override
    public ServicePlan purge(ServiceSpec spec) {
        names.checkUnits(spec);
        if (spec.scope() == Scope.USER) {
            return uninstall(spec);
        }
        String summary = "stops the systemd service %s, removes %s, its state and its logs";
        return new ServicePlan(
                summary.formatted(spec.name(), places.service(spec)),
                removal(
                        spec,
                        hasSocket(spec),
                        List.of(attempt(systemctl(spec, "clean", "--what=all", serviceName(spec))))));
    }

    /**
     * {@inheritDoc} Here, folders go that were not there; and of an upgrade a socket that was not, since systemd disables
     * nothing whose file is gone.
     */
    @Override
    public ServicePlan undo(ServiceSpec spec, boolean isUpgrade) {
        if (!isUpgrade) {
            return new ServicePlan(
                    "removes the systemd service " + spec.name() + ", and folders that were not there",
                    removal(spec, spec.socket().isPresent(), cleaning(spec)));
        }
        boolean isNewSocket = spec.socket().isPresent() && !hasSocket(spec);
        return new ServicePlan(
                "disables a socket that was not there",
                isNewSocket ? List.of(attempt(systemctl(spec, "disable", "--now", socketName(spec)))) : List.of());
    }

    private List<ServiceStep> cleaning(ServiceSpec spec) {
        List<ServiceStep> steps = new ArrayList<>();
        if (spec.scope() == Scope.SYSTEM && !Files.exists(places.state(spec))) {
            steps.add(attempt(systemctl(spec, "clean", "--what=state", serviceName(spec))));
        }
        if (spec.scope() == Scope.SYSTEM && !Files.exists(places.logs(spec))) {
            steps.add(attempt(systemctl(spec, "clean", "--what=logs", serviceName(spec))));
        }
        return steps;
    }

    private boolean hasSocket(ServiceSpec spec) {
        return Files.exists(places.socket(spec));
    }

    private List<ServiceStep> removal(ServiceSpec spec, boolean hasSocket, List<ServiceStep> whenStopped) {
        List<ServiceStep> steps = new ArrayList<>();
        List<String> units = unitNames(spec, hasSocket);
        steps.add(attempt(systemctl(spec, "disable", "--now", units)));
        steps.addAll(whenStopped);
        steps.add(new DeleteFile(places.service(spec)));
        if (hasSocket) {
            steps.add(new DeleteFile(places.socket(spec)));
        }
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

    private static List<String> unitNames(ServiceSpec spec, boolean withSocket) {
        return withSocket ? List.of(socketName(spec), serviceName(spec)) : List.of(serviceName(spec));
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

    private static Run systemctl(ServiceSpec spec, String verb, List<String> units) {
        List<String> arguments = new ArrayList<>(List.of(verb));
        arguments.addAll(units);
        return systemctl(spec, arguments.toArray(String[]::new));
    }

    private static Run systemctl(ServiceSpec spec, String verb, String option, List<String> units) {
        List<String> arguments = new ArrayList<>(List.of(verb, option));
        arguments.addAll(units);
        return systemctl(spec, arguments.toArray(String[]::new));
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
