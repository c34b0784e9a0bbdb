package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of the unit file.
 *
 * <p>The service of the machine has no user of its own, nothing of the file system but what systemd makes for it, and
 * no privilege: a proxy that is broken into holds the AI keys of its users, so there should be nothing more to win.
 * {@code MemoryDenyWriteExecute=} alone is missing, because no JVM can compile under it. The service of a user gets
 * only what a user's service manager can enforce without namespaces: systemd.exec(5) allows the rest there "only if
 * unprivileged user namespaces are available".
 *
 * <p>Source: systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5).
 */
final class SystemdUnit {

    /** By this, a unit is known to be ours. */
    static final String FIRST_LINE = "# Written when the service was installed, and again by the next installation.";

    /** Before systemd 250 there was no specifier for this folder; its variable is as old as {@code LoadCredential=}. */
    private static final String LOADED_CONFIG = "${CREDENTIALS_DIRECTORY}/config.env";

    /**
     * The launcher reports by {@code systemd-notify}, a process of its own, which takes {@code NotifyAccess=all}: all
     * processes of this service. Each report costs a process, hence no shorter watchdog: it is for what does not happen in
     * years, a JVM that hangs. It is killed outright, since the usual {@code SIGABRT} would leave a core dump with
     * everybody's keys in it.
     */
    private static final String REPORTS = """
            Type=notify
            NotifyAccess=all
            TimeoutStartSec=60s
            WatchdogSec=60s
            WatchdogSignal=SIGKILL
            """;

    /** Calls the service started once the JVM runs, which is all that can be known from outside. */
    private static final String NO_REPORTS = """
            Type=exec
            """;

    /** What is printed goes to the journal also where standard input is a socket, which it would go to otherwise. */
    private static final String SOCKET_AS_INPUT = """
            Environment=AI_PROXY_SOCKET=stdin
            StandardInput=socket
            StandardOutput=journal
            StandardError=journal
            """;

    /** The proxy reads its files again on this, and tells what came of it in the journal and in its status. */
    private static final String RELOAD = setting("ExecReload", "kill -HUP $MAINPID");

    /** What keeps it from starting may last, such as an address that comes late (DHCP): it is tried until it works. */
    private static final String NO_START_LIMIT = """
            StartLimitIntervalSec=0
            """;

    /**
     * The address is systemd's there. But each client that waits starts the service again, whatever it has ended with, also
     * with a wrong configuration: without a limit that would never end.
     */
    private static final String START_LIMIT = """
            StartLimitIntervalSec=60
            StartLimitBurst=10
            """;

    /**
     * 143 is how a JVM ends by SIGTERM. 2 and 78 are wrong usage and wrong configuration: trying again would not help.
     * The stop has to outlast the drain, of 30 seconds unless set: where it is another, the launcher asks for more when it
     * stops (sd_notify(3), EXTEND_TIMEOUT_USEC), and has no more than this where it cannot report.
     */
    private static final String LIFE_CYCLE = """
            SuccessExitStatus=143
            RestartPreventExitStatus=2 78
            Restart=on-failure
            RestartSec=2s
            TimeoutStopSec=35s
            KillMode=mixed
            LimitNOFILE=65536
            UMask=0077
            """;

    /** What seccomp and prctl(2) enforce: works in both scopes. */
    private static final String FILTERS = """
            NoNewPrivileges=yes
            LockPersonality=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources
            SystemCallErrorNumber=EPERM
            """;

    /**
     * What needs the machine's service manager: a user made up for the service, and a file system of its own.
     *
     * <p>{@code ProcSubset=pid} is missing on purpose: it hides {@code /proc/net}, and a JVM that finds no
     * {@code /proc/net/if_inet6} has no IPv6 at all, nor does it see the limits of a container without
     * {@code /proc/cgroups}. It is "not suitable for most non-trivial programs" (systemd.exec(5)).
     */
    private static final String SANDBOX = """
            DynamicUser=yes
            CapabilityBoundingSet=
            AmbientCapabilities=
            PrivateDevices=yes
            PrivateIPC=yes
            PrivateTmp=yes
            PrivateUsers=yes
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            ProtectProc=invisible
            ProtectSystem=strict
            RemoveIPC=yes
            """;

    private static final List<Path> HOMES = List.of(Path.of("/home"), Path.of("/root"), Path.of("/run/user"));
    private static final List<Path> TEMPORARY = List.of(Path.of("/tmp"), Path.of("/var/tmp"));

    private static final String LOW_PORTS = """
            # A port below 1024 needs there: PrivateUsers=no, and CAP_NET_BIND_SERVICE in
            # AmbientCapabilities= and CapabilityBoundingSet=; or --socket when it is installed.
            """;

    private SystemdUnit() {}

    /**
     * The unit file for a service.
     *
     * @throws IllegalArgumentException if a path or an option of the JVM cannot be written in a unit
     */
    static String render(ServiceSpec spec, SystemdHost host) {
        return switch (spec.scope()) {
            case SYSTEM -> system(spec, host);
            case USER -> user(spec, host);
        };
    }

    private static String system(ServiceSpec spec, SystemdHost host) {
        String state = "%S/" + spec.name();
        return String.join(
                "",
                preface("systemctl edit " + spec.name()),
                spec.socket().isPresent() ? "" : LOW_PORTS,
                unitSection(spec),
                """
                Wants=network-online.target
                After=network-online.target

                [Service]
                """,
                start(spec, host),
                configured(spec, host, state),
                LIFE_CYCLE,
                setting("StateDirectory", spec.name()),
                setting("LogsDirectory", spec.name()),
                setting("Environment", "LOG_DIR=%L/" + spec.name()),
                setting("WorkingDirectory", state),
                SANDBOX,
                programsInSight(spec),
                FILTERS,
                installSection("multi-user.target"));
    }

    private static String start(ServiceSpec spec, SystemdHost host) {
        return (host.hasNotify() ? REPORTS : NO_REPORTS) + (spec.socket().isPresent() ? SOCKET_AS_INPUT : "");
    }

    private static String configured(ServiceSpec spec, SystemdHost host, String state) {
        if (!host.hasCredentials()) {
            return setting(
                            "ExecStart",
                            command(
                                    spec,
                                    state,
                                    SystemdSyntax.argument(spec.config().toString())))
                    + RELOAD;
        }
        return setting("LoadCredential", "config.env:" + SystemdSyntax.path(spec.config()))
                + setting("RuntimeDirectory", spec.name())
                + setting("RuntimeDirectoryMode", "0700")
                + setting("ExecStart", command(spec, state, LOADED_CONFIG))
                + copyAnew(spec)
                + RELOAD;
    }

    /**
     * systemd copies the file once, when it starts the service. For a reload, root ({@code +}) puts a new copy where the
     * launcher looks for it ({@code RUNTIME_DIRECTORY}), a folder that is gone with the service.
     *
     * <p>The folder belongs to the service, and so root neither opens nor changes a file in there: whoever has broken into
     * the proxy could have put a link to another one in its place. The copy is made and given away outside, and moved in
     * at once. At no time can anybody else read it.
     */
    private static String copyAnew(ServiceSpec spec) {
        String folder = "%t/" + spec.name();
        String copy = folder + ".config.env";
        String config = SystemdSyntax.argument(spec.config().toString());
        return setting("ExecReload", "+install -T -m 0400 " + config + ' ' + copy)
                + setting("ExecReload", "+chown --reference=" + folder + ' ' + copy)
                + setting("ExecReload", "+mv -f -T " + copy + ' ' + folder + "/config.env");
    }

    private static String user(ServiceSpec spec, SystemdHost host) {
        String home = SystemdSyntax.argument(spec.home().toString());
        String config = SystemdSyntax.argument(spec.config().toString());
        return String.join(
                "",
                preface("systemctl --user edit " + spec.name()),
                unitSection(spec),
                """

                [Service]
                """,
                start(spec, host),
                setting("ExecStart", command(spec, home, config)),
                RELOAD,
                LIFE_CYCLE,
                // The minus: a home that is not there yet is made by the proxy.
                setting("WorkingDirectory", "-" + SystemdSyntax.path(spec.home())),
                FILTERS,
                installSection("default.target"));
    }

    static String preface(String edit) {
        return """
                %s
                # Changes belong in a file of their own: %s
                """.formatted(FIRST_LINE, edit);
    }

    private static String unitSection(ServiceSpec spec) {
        String socket = spec.name() + ".socket";
        return """

                [Unit]
                Description=Forward proxy for AI traffic
                """
                + (spec.socket().isPresent()
                        ? START_LIMIT + setting("Requires", socket) + setting("After", socket)
                        : NO_START_LIMIT);
    }

    /** Home and config are written as given: in the machine's unit they are specifiers and variables. */
    private static String command(ServiceSpec spec, String home, String config) {
        List<String> words = new ArrayList<>();
        words.add(SystemdSyntax.program(spec.java()));
        spec.javaOptions().stream().map(SystemdSyntax::argument).forEach(words::add);
        words.add("-jar");
        words.add(SystemdSyntax.argument(spec.jar().toString()));
        words.addAll(List.of("run", "--home", home, "--config", config));
        return String.join(" ", words);
    }

    /**
     * Lets the sandbox see a JVM or jar that lies in somebody's home or in a folder for temporary files: both are empty
     * in it. {@code ProtectHome=tmpfs} is the variant of {@code yes} into which systemd.exec(5) lets folders be bound.
     */
    private static String programsInSight(ServiceSpec spec) {
        List<Path> programs = List.of(javaHome(spec), spec.jar());
        StringBuilder settings = new StringBuilder();
        settings.append(
                setting("ProtectHome", programs.stream().anyMatch(path -> isBelow(HOMES, path)) ? "tmpfs" : "yes"));
        programs.stream()
                .filter(path -> isBelow(HOMES, path) || isBelow(TEMPORARY, path))
                .map(path -> setting("BindReadOnlyPaths", SystemdSyntax.listed(path)))
                .forEach(settings::append);
        return settings.toString();
    }

    /** The folder with everything a JVM loads, two above {@code bin/java}, unless that is somebody's whole home. */
    private static Path javaHome(ServiceSpec spec) {
        Path bin = spec.java().getParent();
        if (!bin.endsWith("bin") || spec.userHome().startsWith(bin.getParent())) {
            return spec.java();
        }
        return bin.getParent();
    }

    private static boolean isBelow(List<Path> folders, Path path) {
        return folders.stream().anyMatch(path::startsWith);
    }

    static String setting(String name, String value) {
        return name + '=' + value + '\n';
    }

    static String installSection(String target) {
        return """

                [Install]
                WantedBy=%s
                """.formatted(target);
    }
}
