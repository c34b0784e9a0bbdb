package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Makes the proxy a service that comes back after a crash and after a reboot. */
@Command(
        name = "install-service",
        description = "Makes the proxy a service of this machine, which starts now and at each boot.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "The service reads config.env where it is, at each start, and nothing of this environment.",
            "Installing again is an upgrade. If a step fails, or the service does not answer, all is put back",
            "as it was.",
            "",
            "Examples:",
            "  sudo " + Verbs.PROGRAM + " install-service --home /etc/ai-proxy",
            "  " + Verbs.PROGRAM + " install-service --user --dry-run",
            "  " + Verbs.PROGRAM + " install-service --user --java-option=-Xmx256m"
        })
final class InstallServiceCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--java-option", paramLabel = "OPTION", description = "option of the JVM; may be given again")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--socket",
            description = "let systemd listen: a restart refuses nobody, a low port takes no rights")
    private boolean socket;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "how long it may take to answer (30)")
    private int waitSeconds = 30;

    InstallServiceCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Settings settings = settings();
        ServiceInstaller installer = options.installer(surroundings);
        ServiceSpec service = service(settings);
        ServicePlan plan = ServiceInstallation.plan(() -> installer.install(service));
        if (options.isDryRun()) {
            PlanText.lines(plan).forEach(surroundings.out()::println);
            return ExitCode.OK;
        }
        ServiceOptions.checkPermission(service);
        ServiceInstallation installation = new ServiceInstallation(installer, service);
        if (!installation.isThere()) {
            checkNobodyElseListens(settings);
        }
        installation.install(plan, () -> awaitAnswer(settings));
        surroundings
                .out()
                .println("installed as the " + installer.name() + " service " + service.name()
                        + address(settings)
                                .map(address -> ": " + address.localUri())
                                .orElse(""));
        return ExitCode.OK;
    }

    private ServiceSpec service(Settings settings) {
        ServiceSpec service = options.spec(surroundings, settings.home(), config(settings.home()), javaOptions);
        if (!socket) {
            return service;
        }
        return address(settings)
                .map(address -> service.withSocket(address.socket()))
                .orElseThrow(
                        () -> new InvalidSettingsException(
                                "--socket needs to know where to listen: LISTEN_PORT must not be 0, and LISTEN_HOST an address"));
    }

    /** The service has config.env, and none of the variables there are here. */
    private Settings settings() {
        ParseResult parsed = spec.commandLine().getParseResult();
        Settings settings = new SettingsLoader(surroundings.workingFolder(), Map.of()).load(SettingFlags.given(parsed));
        settings.warnings().forEach(surroundings.err()::println);
        ProxyAssembly.builder(settings).build().close();
        return settings;
    }

    private Path config(Path home) {
        Path config = SettingFlags.given(spec.commandLine().getParseResult())
                .config()
                .map(given -> surroundings
                        .workingFolder()
                        .toAbsolutePath()
                        .resolve(given)
                        .normalize())
                .orElse(home.resolve(SettingsLoader.CONFIG_FILE));
        if (!Files.exists(config)) {
            throw new InvalidSettingsException(
                    "there is no " + config + "; make one with: " + surroundings.program() + " setup --home " + home);
        }
        return config;
    }

    private static void checkNobodyElseListens(Settings settings) {
        ProxyState running = new HomeProxy(settings.home()).state();
        if (running.isRunning()) {
            throw new VerbFailedException(HomeProxy.name(running) + " runs in " + settings.home() + "; stop it first");
        }
        Starter.checkPort(settings);
    }

    private void awaitAnswer(Settings settings) throws StepFailedException {
        Optional<ListenAddress> address = address(settings);
        Duration patience = Duration.ofSeconds(waitSeconds);
        if (address.isPresent() && !address.get().awaitServed(patience)) {
            throw new StepFailedException("the service does not answer on "
                    + address.get().localUri() + " within " + waitSeconds + " s; its log tells why");
        }
    }

    /** Empty if the port is chosen by the system: then nobody can know it from here. */
    private static Optional<ListenAddress> address(Settings settings) {
        try {
            return Optional.of(ListenAddress.of(settings))
                    .filter(address -> address.socket().getPort() != 0);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
