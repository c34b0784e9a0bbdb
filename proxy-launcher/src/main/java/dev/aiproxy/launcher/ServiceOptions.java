package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which service is meant: the flags that installing and uninstalling have in common. */
final class ServiceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--name", paramLabel = "NAME", description = "name of the service (ai-proxy)")
    private String name = "ai-proxy";

    @ArgGroup
    private ScopeOption scope = new ScopeOption();

    @Option(
            names = "--installer",
            paramLabel = "NAME",
            description =
                    "service manager to use, such as systemd, launchd or that of a plugin, instead of the one found")
    private Optional<String> installer = Optional.empty();

    @Option(names = "--dry-run", description = "show each step and do none")
    private boolean dryRun;

    private static final class ScopeOption {

        @Option(names = "--system", description = "for the machine, from boot; needs root, whose default it is")
        private boolean system;

        @Option(names = "--user", description = "for this user, without root")
        private boolean user;
    }

    boolean isDryRun() {
        return dryRun;
    }

    /** The installer that was asked for, or else that for this machine; those that are broken are named. */
    ServiceInstaller installer(Surroundings surroundings) {
        Installers installers = Installers.ofThisProgram(surroundings.err()::println);
        return installer.map(installers::named).orElseGet(() -> installers.forSystem(System.getProperty("os.name")));
    }

    /** @param javaOptions options of the JVM besides those every service has */
    ServiceSpec spec(Surroundings surroundings, Path home, Path config, List<String> javaOptions) {
        List<String> allOptions = new ArrayList<>(List.of("-XX:+ExitOnOutOfMemoryError"));
        allOptions.addAll(javaOptions);
        long uid = UserId.ofThisProcess();
        try {
            return new ServiceSpec(
                    name,
                    scope(uid),
                    OwnProgram.java(),
                    allOptions,
                    OwnProgram.jar(),
                    config,
                    home,
                    userHome(surroundings),
                    uid);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Scope scope(long uid) {
        boolean system = scope.system || uid == 0 && !scope.user;
        return system ? Scope.SYSTEM : Scope.USER;
    }

    /** What the variable says is where the user's service manager looks, too. */
    private static Path userHome(Surroundings surroundings) {
        return Path.of(surroundings.environment().getOrDefault("HOME", System.getProperty("user.home")));
    }

    /** @throws VerbFailedException if this user may not do it */
    static void checkPermission(ServiceSpec spec) {
        if (spec.scope() == Scope.SYSTEM && spec.uid() != 0) {
            throw new VerbFailedException(
                    "a service of the machine needs root: use sudo, or --user for one of your own");
        }
    }
}
