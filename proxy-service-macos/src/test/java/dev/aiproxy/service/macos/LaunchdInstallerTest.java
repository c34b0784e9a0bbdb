package dev.aiproxy.service.macos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import dev.aiproxy.service.ServiceStep;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchdInstallerTest {

    private static final Path AGENT = Path.of("/Users/ada/Library/LaunchAgents/dev.aiproxy.ai-proxy.plist");
    private static final Path DAEMON = Path.of("/Library/LaunchDaemons/dev.aiproxy.ai-proxy.plist");

    private final ServiceInstaller installer = new LaunchdInstaller();

    @Test
    void installsAnAgent() {
        ServiceSpec spec = Specs.usual(Scope.USER);

        ServicePlan plan = installer.install(spec);

        assertThat(plan.summary())
                .isEqualTo("installs " + AGENT + " as a launchd agent that starts when user 501 logs in, "
                        + "and starts it now; logs in /Users/ada/Library/Logs/ai-proxy");
        assertThat(withoutWait(plan))
                .containsExactly(
                        run("mkdir", "-p", "/Users/ada/Library/Logs/ai-proxy", "/opt/ai-proxy"),
                        new WriteFile(AGENT, LaunchdPlist.render(spec, LaunchdJob.of(spec)), "rw-r--r--"),
                        attempt("launchctl", "bootout", "gui/501/dev.aiproxy.ai-proxy"),
                        run("launchctl", "enable", "gui/501/dev.aiproxy.ai-proxy"),
                        run("launchctl", "bootstrap", "gui/501", AGENT.toString()),
                        attempt("launchctl", "kickstart", "gui/501/dev.aiproxy.ai-proxy"));
    }

    @Test
    void installsADaemon() {
        ServiceSpec spec = Specs.usual(Scope.SYSTEM);

        ServicePlan plan = installer.install(spec);

        assertThat(plan.summary())
                .isEqualTo("installs " + DAEMON + " as a launchd daemon that starts at boot, "
                        + "and starts it now; logs in /Library/Logs/ai-proxy");
        assertThat(withoutWait(plan))
                .containsExactly(
                        run("mkdir", "-p", "/Library/Logs/ai-proxy", "/opt/ai-proxy"),
                        new WriteFile(DAEMON, LaunchdPlist.render(spec, LaunchdJob.of(spec)), "rw-r--r--"),
                        attempt("launchctl", "bootout", "system/dev.aiproxy.ai-proxy"),
                        run("launchctl", "enable", "system/dev.aiproxy.ai-proxy"),
                        run("launchctl", "bootstrap", "system", DAEMON.toString()),
                        attempt("launchctl", "kickstart", "system/dev.aiproxy.ai-proxy"));
    }

    @Test
    void uninstallsAnAgent() {
        ServicePlan plan = installer.uninstall(Specs.usual(Scope.USER));

        assertThat(plan.summary())
                .isEqualTo("stops the launchd job gui/501/dev.aiproxy.ai-proxy, removes " + AGENT
                        + " and keeps its logs in /Users/ada/Library/Logs/ai-proxy");
        assertThat(withoutWait(plan))
                .containsExactly(
                        attempt("launchctl", "bootout", "gui/501/dev.aiproxy.ai-proxy"), new DeleteFile(AGENT));
    }

    @Test
    void purgesTheLogsOfAnAgent() {
        Path logs = Path.of("/Users/ada/Library/Logs/ai-proxy");

        assertThat(withoutWait(installer.purge(Specs.usual(Scope.USER))))
                .containsExactly(
                        attempt("launchctl", "bootout", "gui/501/dev.aiproxy.ai-proxy"),
                        new DeleteFile(AGENT),
                        new DeleteFile(logs.resolve("service.log")),
                        new DeleteFile(logs.resolve("service.error.log")));
    }

    @Test
    void uninstallsADaemon() {
        ServicePlan plan = installer.uninstall(Specs.usual(Scope.SYSTEM));

        assertThat(withoutWait(plan))
                .containsExactly(
                        attempt("launchctl", "bootout", "system/dev.aiproxy.ai-proxy"), new DeleteFile(DAEMON));
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, true", "Linux, false", "Windows 11, false", "FreeBSD, false"})
    void supportsMacOs(String osName, boolean expected) {
        assertThat(installer.supports(osName)).isEqualTo(expected);
    }

    @Test
    void isFoundOnceByServiceLoader() {
        getClass().getModule().addUses(ServiceInstaller.class);

        assertThat(ServiceLoader.load(ServiceInstaller.class).stream().map(ServiceLoader.Provider::type))
                .containsExactly(LaunchdInstaller.class);
    }

    @Test
    void isTheSameProviderOnModulePathAndClassPath() throws IOException {
        ModuleDescriptor module;
        try (InputStream descriptor = LaunchdInstaller.class.getResourceAsStream("/module-info.class")) {
            module = ModuleDescriptor.read(descriptor);
        }
        String services;
        try (InputStream file =
                LaunchdInstaller.class.getResourceAsStream("/META-INF/services/" + ServiceInstaller.class.getName())) {
            services = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(module.provides()).extracting(Provides::service).containsExactly(ServiceInstaller.class.getName());
        assertThat(module.provides())
                .flatExtracting(Provides::providers)
                .isEqualTo(services.lines().toList());
    }

    /** The steps but for the wait, which {@link UnloadWaitTest} runs, and which must come right after bootout. */
    private static List<ServiceStep> withoutWait(ServicePlan plan) {
        List<ServiceStep> steps = new ArrayList<>(plan.steps());
        ServiceStep wait = UnloadWaitTest.wait(plan);
        assertThat(((Run) steps.get(steps.indexOf(wait) - 1)).command()).contains("bootout");
        steps.remove(wait);
        return steps;
    }

    private static Run run(String... command) {
        return new Run(List.of(command), false);
    }

    private static Run attempt(String... command) {
        return new Run(List.of(command), true);
    }
}
