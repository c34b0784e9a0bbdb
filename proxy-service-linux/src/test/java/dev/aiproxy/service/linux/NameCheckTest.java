package dev.aiproxy.service.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameCheckTest {

    private static final ServiceSpec SPEC = Specs.usual(Scope.SYSTEM);

    @TempDir
    private Path root;

    private ServiceInstaller installer;

    @BeforeEach
    void prepare() {
        installer = new SystemdInstaller(() -> SystemdHost.NEW, new SystemdPlaces(root));
    }

    @ParameterizedTest
    @ValueSource(strings = {"etc/systemd/system/ai-proxy.service", "etc/systemd/system/ai-proxy.socket"})
    void refusesToReplaceOrRemoveAUnitOfSomebodyElse(String name) throws IOException {
        Path unit = write(name, "[Unit]\nDescription=something else\n");
        String message = unit + " does not belong to ai-proxy; choose another --name";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.install(SPEC))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.uninstall(SPEC))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.purge(SPEC))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "empty"})
    void refusesToUnmask(String target) throws IOException {
        write("etc/systemd/system/empty", "");
        Files.createSymbolicLink(root.resolve("etc/systemd/system/ai-proxy.service"), Path.of(target));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.install(SPEC))
                .withMessage("ai-proxy.service is masked; systemctl unmask ai-proxy.service first");
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Path unit = root.resolve("etc/systemd/system/ai-proxy.service");
        Files.createDirectories(unit.getParent());
        Files.createSymbolicLink(unit, Path.of("gone"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.install(SPEC))
                .withMessage(unit + " does not belong to ai-proxy; choose another --name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lib/systemd/system/ai-proxy.service",
                "usr/lib/systemd/system/ai-proxy.socket",
                "run/systemd/generator.late/ai-proxy.service",
                "var/lib/ai-proxy/ibdata1",
                "var/log/ai-proxy/access.log",
                "run/ai-proxy/pid"
            })
    void refusesANameThatSomethingElseHas(String file) throws IOException {
        write(file, "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.install(SPEC))
                .withMessageMatching(
                        ".*/ai-proxy(\\.service|\\.socket)? does not belong to ai-proxy; choose another --name");
        assertThat(installer.uninstall(SPEC).steps()).isNotEmpty();
    }

    @Test
    void upgradesWhatIsOurs() throws IOException {
        write("etc/systemd/system/ai-proxy.service", SystemdUnit.render(SPEC, SystemdHost.NEW));
        write("var/lib/ai-proxy/ibdata1", "");

        assertThat(installer.install(SPEC).steps()).isNotEmpty();
        assertThat(installer.purge(SPEC).steps()).isNotEmpty();
    }

    @Test
    void takesUpFoldersOfAnEarlierServiceOfOurs() throws IOException {
        write("var/lib/private/ai-proxy/some", "");
        Files.createSymbolicLink(root.resolve("var/lib/ai-proxy"), Path.of("private/ai-proxy"));
        write("var/log/ai-proxy/proxy.log", "");
        Files.createDirectories(root.resolve("run/ai-proxy"));

        assertThat(installer.install(SPEC).steps()).isNotEmpty();
    }

    @Test
    void refusesForAUserAsForTheMachine(@TempDir Path home) throws IOException {
        ServiceSpec spec = Specs.of(home);
        Path unit = home.resolve(".config/systemd/user/ai-proxy.service");
        Files.createDirectories(unit.getParent());
        Files.createSymbolicLink(unit, Path.of("/dev/null"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> installer.install(spec))
                .withMessage("ai-proxy.service is masked; systemctl --user unmask ai-proxy.service first");
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
