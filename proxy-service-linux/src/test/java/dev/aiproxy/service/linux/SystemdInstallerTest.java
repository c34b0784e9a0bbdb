package dev.aiproxy.service.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdInstallerTest {

    private static final Path SYSTEM_UNIT = Path.of("/etc/systemd/system/ai-proxy.service");
    private static final Path USER_UNIT = Path.of("/home/ada/.config/systemd/user/ai-proxy.service");

    private final ServiceInstaller installer = new SystemdInstaller(() -> SystemdHost.NEW);

    @Test
    void installsForTheMachine() {
        ServiceSpec spec = Specs.usual(Scope.SYSTEM);

        ServicePlan plan = installer.install(spec);

        assertThat(plan.summary())
                .isEqualTo("installs " + SYSTEM_UNIT + " as a systemd service that starts at boot, and starts it now");
        assertThat(plan.steps())
                .containsExactly(
                        new WriteFile(SYSTEM_UNIT, SystemdUnit.render(spec, SystemdHost.NEW), "rw-r--r--"),
                        new Run(List.of("systemctl", "daemon-reload"), false),
                        new Run(List.of("systemctl", "enable", "ai-proxy.service"), false),
                        new Run(List.of("systemctl", "reset-failed", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "restart", "ai-proxy.service"), false));
    }

    @Test
    void installsForAUser() {
        ServiceSpec spec = Specs.usual(Scope.USER);

        ServicePlan plan = installer.install(spec);

        assertThat(plan.summary())
                .startsWith("installs " + USER_UNIT + " as a systemd service of user 1000, and starts it now")
                .contains("loginctl enable-linger");
        assertThat(plan.steps())
                .containsExactly(
                        new WriteFile(USER_UNIT, SystemdUnit.render(spec, SystemdHost.NEW), "rw-r--r--"),
                        new Run(List.of("systemctl", "--user", "daemon-reload"), false),
                        new Run(List.of("systemctl", "--user", "enable", "ai-proxy.service"), false),
                        new Run(List.of("systemctl", "--user", "reset-failed", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "--user", "restart", "ai-proxy.service"), false),
                        new Run(List.of("loginctl", "--no-ask-password", "enable-linger", "1000"), true));
    }

    @Test
    void installsASocketBeforeTheService(@TempDir Path home) {
        ServiceSpec spec = withSocket(home);
        Path socket = home.resolve(".config/systemd/user/ai-proxy.socket");

        assertThat(installer.install(spec).steps())
                .startsWith(
                        new WriteFile(socket, SystemdSocket.render(spec), "rw-r--r--"),
                        new WriteFile(
                                home.resolve(".config/systemd/user/ai-proxy.service"),
                                SystemdUnit.render(spec, SystemdHost.NEW),
                                "rw-r--r--"))
                .contains(
                        new Run(List.of("systemctl", "--user", "enable", "ai-proxy.socket", "ai-proxy.service"), false))
                .containsSubsequence(
                        new Run(List.of("systemctl", "--user", "stop", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "--user", "restart", "ai-proxy.socket"), false),
                        new Run(List.of("systemctl", "--user", "restart", "ai-proxy.service"), false));
    }

    @Test
    void leavesASocketAloneThatIsThere(@TempDir Path home) throws IOException {
        ServiceSpec spec = withSocket(home);
        writeSocket(home, SystemdSocket.render(spec));

        assertThat(installer.install(spec).steps())
                .doesNotContain(
                        new Run(List.of("systemctl", "--user", "stop", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "--user", "restart", "ai-proxy.socket"), false))
                .contains(new Run(List.of("systemctl", "--user", "restart", "ai-proxy.service"), false));
    }

    @Test
    void takesASocketAwayThatIsWantedNoMore(@TempDir Path home) throws IOException {
        ServiceSpec spec = Specs.of(home);
        Path socket = writeSocket(home, SystemdSocket.render(withSocket(home)));
        Run disable = new Run(List.of("systemctl", "--user", "disable", "--now", "ai-proxy.socket"), true);

        assertThat(installer.install(spec).steps()).startsWith(disable, new DeleteFile(socket));
        assertThat(installer.uninstall(spec).steps()).contains(new DeleteFile(socket));
    }

    private static ServiceSpec withSocket(Path userHome) {
        return Specs.of(userHome).withSocket(new InetSocketAddress("127.0.0.1", 8080));
    }

    private static Path writeSocket(Path userHome, String text) throws IOException {
        Path socket = userHome.resolve(".config/systemd/user/ai-proxy.socket");
        Files.createDirectories(socket.getParent());
        return Files.writeString(socket, text);
    }

    @Test
    void tellsWhatAnOldSystemdCannotDo() {
        ServiceInstaller old = new SystemdInstaller(() -> new SystemdHost(245, false));

        assertThat(old.install(Specs.usual(Scope.SYSTEM)).summary())
                .contains("there is no systemd-notify here")
                .endsWith(
                        "systemd 245 hands no files over, so everybody must be able to read /etc/ai-proxy/config.env");
    }

    @Test
    void uninstallsFromTheMachine() {
        ServicePlan plan = installer.uninstall(Specs.usual(Scope.SYSTEM));

        assertThat(plan.summary())
                .isEqualTo("stops the systemd service ai-proxy, removes " + SYSTEM_UNIT + " and keeps its logs");
        assertThat(plan.steps())
                .containsExactly(
                        new Run(List.of("systemctl", "disable", "--now", "ai-proxy.service"), true),
                        new DeleteFile(SYSTEM_UNIT),
                        new Run(List.of("systemctl", "daemon-reload"), false),
                        new Run(List.of("systemctl", "reset-failed", "ai-proxy.service"), true));
    }

    /** systemd knows the folders it made only as long as it knows the unit. */
    @Test
    void purgesTheMachineWhileTheUnitIsKnown() {
        ServicePlan plan = installer.purge(Specs.usual(Scope.SYSTEM));

        assertThat(plan.summary())
                .isEqualTo("stops the systemd service ai-proxy, removes " + SYSTEM_UNIT + ", its state and its logs");
        assertThat(plan.steps())
                .containsExactly(
                        new Run(List.of("systemctl", "disable", "--now", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "clean", "--what=all", "ai-proxy.service"), true),
                        new DeleteFile(SYSTEM_UNIT),
                        new Run(List.of("systemctl", "daemon-reload"), false),
                        new Run(List.of("systemctl", "reset-failed", "ai-proxy.service"), true));
    }

    @Test
    void purgesNothingMoreFromAUser() {
        assertThat(installer.purge(Specs.usual(Scope.USER))).isEqualTo(installer.uninstall(Specs.usual(Scope.USER)));
    }

    @Test
    void uninstallsFromAUser() {
        ServicePlan plan = installer.uninstall(Specs.usual(Scope.USER));

        assertThat(plan.steps())
                .containsExactly(
                        new Run(List.of("systemctl", "--user", "disable", "--now", "ai-proxy.service"), true),
                        new DeleteFile(USER_UNIT),
                        new Run(List.of("systemctl", "--user", "daemon-reload"), false),
                        new Run(List.of("systemctl", "--user", "reset-failed", "ai-proxy.service"), true));
    }

    @Test
    void undoesAFirstInstallationWithTheFoldersThatWereNotThere(@TempDir Path root) throws IOException {
        ServiceSpec spec = Specs.withSocket(Scope.SYSTEM, "127.0.0.1", 8080);
        Files.createDirectories(root.resolve("var/log/ai-proxy"));
        Path units = root.resolve("etc/systemd/system");

        assertThat(in(root).undo(spec, false).steps())
                .containsExactly(
                        new Run(List.of("systemctl", "disable", "--now", "ai-proxy.socket", "ai-proxy.service"), true),
                        new Run(List.of("systemctl", "clean", "--what=state", "ai-proxy.service"), true),
                        new DeleteFile(units.resolve("ai-proxy.service")),
                        new DeleteFile(units.resolve("ai-proxy.socket")),
                        new Run(List.of("systemctl", "daemon-reload"), false),
                        new Run(List.of("systemctl", "reset-failed", "ai-proxy.service"), true));
    }

    @Test
    void undoesAnUpgradeWithTheSocketThatWasNotThere(@TempDir Path root) {
        ServiceSpec spec = Specs.withSocket(Scope.SYSTEM, "127.0.0.1", 8080);

        assertThat(in(root).undo(spec, true).steps())
                .containsExactly(new Run(List.of("systemctl", "disable", "--now", "ai-proxy.socket"), true));
        assertThat(in(root).undo(Specs.usual(Scope.SYSTEM), true).steps()).isEmpty();
    }

    @Test
    void undoesAnUpgradeWithoutTheSocketThatWasThere(@TempDir Path home) throws IOException {
        ServiceSpec spec = withSocket(home);
        writeSocket(home, SystemdSocket.render(spec));

        assertThat(installer.undo(spec, true).steps()).isEmpty();
    }

    @Test
    void cleansNothingOfAUser(@TempDir Path root) {
        assertThat(in(root).undo(Specs.usual(Scope.USER), false).steps())
                .isEqualTo(in(root).uninstall(Specs.usual(Scope.USER)).steps());
    }

    private static ServiceInstaller in(Path root) {
        return new SystemdInstaller(() -> SystemdHost.NEW, new SystemdPlaces(root));
    }

    @ParameterizedTest
    @CsvSource({"Linux, true", "Mac OS X, false", "Windows 11, false", "FreeBSD, false"})
    void supportsLinux(String osName, boolean expected) {
        assertThat(installer.supports(osName)).isEqualTo(expected);
    }

    @Test
    void isFoundOnceByServiceLoader() {
        getClass().getModule().addUses(ServiceInstaller.class);

        assertThat(ServiceLoader.load(ServiceInstaller.class).stream().map(ServiceLoader.Provider::type))
                .containsExactly(SystemdInstaller.class);
    }

    @Test
    void isTheSameProviderOnModulePathAndClassPath() throws IOException {
        ModuleDescriptor module;
        try (InputStream descriptor = SystemdInstaller.class.getResourceAsStream("/module-info.class")) {
            module = ModuleDescriptor.read(descriptor);
        }
        String services;
        try (InputStream file =
                SystemdInstaller.class.getResourceAsStream("/META-INF/services/" + ServiceInstaller.class.getName())) {
            services = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(module.provides()).extracting(Provides::service).containsExactly(ServiceInstaller.class.getName());
        assertThat(module.provides())
                .flatExtracting(Provides::providers)
                .isEqualTo(services.lines().toList());
    }
}
