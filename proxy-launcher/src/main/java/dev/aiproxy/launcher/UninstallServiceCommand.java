package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Takes away what {@code install-service} put in place. */
@Command(
        name = "uninstall-service",
        description = "Stops the service and removes it; config.env and the logs stay. Fine if there is none.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Examples:",
            "  sudo " + Verbs.PROGRAM + " uninstall-service --home /etc/ai-proxy",
            "  " + Verbs.PROGRAM + " uninstall-service --user --purge --dry-run"
        })
final class UninstallServiceCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--purge", description = "delete config.env, the logs and the state as well")
    private boolean purge;

    UninstallServiceCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ParseResult parsed = spec.commandLine().getParseResult();
        Path home = surroundings.home(parsed);
        Path config = SettingFlags.given(parsed)
                .config()
                .map(given -> surroundings
                        .workingFolder()
                        .toAbsolutePath()
                        .resolve(given)
                        .normalize())
                .orElse(home.resolve(SettingsLoader.CONFIG_FILE));
        ServiceInstaller installer = options.installer(surroundings);
        ServiceSpec service = options.spec(surroundings, home, config, List.of());
        ServicePlan plan =
                ServiceInstallation.plan(() -> purge ? installer.purge(service) : installer.uninstall(service));
        HomeFiles files = new HomeFiles(home, config);
        if (options.isDryRun()) {
            PlanText.lines(plan).forEach(surroundings.out()::println);
            (purge ? files.found() : List.<Path>of())
                    .forEach(file -> surroundings.out().println("delete " + file));
            return ExitCode.OK;
        }
        ServiceOptions.checkPermission(service);
        ServiceInstallation installation = new ServiceInstallation(installer, service);
        boolean wasThere = installation.isThere();
        if (wasThere) {
            installation.uninstall(plan);
        }
        surroundings.out().println(wasThere ? "uninstalled " + service.name() : service.name() + " is not installed");
        if (purge) {
            files.delete(surroundings.out());
        }
        return ExitCode.OK;
    }
}
