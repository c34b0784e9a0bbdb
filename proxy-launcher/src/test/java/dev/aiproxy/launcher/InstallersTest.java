package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallersTest {

    private final List<String> said = new ArrayList<>();

    @Test
    void findsTheOneForEachSystem() {
        Installers installers = Installers.from(ServiceLoader.load(ServiceInstaller.class), said::add);

        assertThat(installers.forSystem("Linux").name()).isEqualTo("systemd");
        assertThat(installers.forSystem("Mac OS X").name()).isEqualTo("launchd");
        assertThat(said).isEmpty();
    }

    @Test
    void saysWhatThereIsWhenNoneFits() {
        Installers installers = Installers.from(ServiceLoader.load(ServiceInstaller.class), said::add);

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> installers.forSystem("Plan 9"))
                .withMessageStartingWith("no service installer for Plan 9; there are: ")
                .withMessageContaining("systemd")
                .withMessageContaining("launchd");
    }

    @Test
    void namesAndPassesOverOneThatCannotBeLoaded(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(ServiceInstaller.class.getName()), "com.example.MissingInstaller\n");
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Installers installers = Installers.from(ServiceLoader.load(ServiceInstaller.class, loader), said::add);

            assertThat(installers.forSystem("Linux").name()).isEqualTo("systemd");
        }
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("passing over a broken service installer: ")
                .contains("com.example.MissingInstaller");
    }

    @Test
    void namesAndPassesOverOneThatFailsWhenAsked() {
        Installers installers =
                new Installers(List.of(new NamedInstaller("", true), new NamedInstaller("sound", false)), said::add);

        assertThat(installers.forSystem("Linux").name()).isEqualTo("sound");
        assertThat(said)
                .containsExactly("passing over a broken service installer: " + NamedInstaller.class.getName()
                        + ": java.lang.IllegalStateException: out of order");
    }

    private record NamedInstaller(String name, boolean isBroken) implements ServiceInstaller {

        @Override
        public boolean supports(String osName) {
            if (isBroken) {
                throw new IllegalStateException("out of order");
            }
            return true;
        }

        @Override
        public ServicePlan install(ServiceSpec spec) {
            return new ServicePlan("", List.of());
        }

        @Override
        public ServicePlan uninstall(ServiceSpec spec) {
            return new ServicePlan("", List.of());
        }
    }
}
