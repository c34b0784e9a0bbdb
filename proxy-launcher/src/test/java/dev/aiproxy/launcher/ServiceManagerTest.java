package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file counts; that systemd makes the copies is for {@code SystemdIT}. */
class ServiceManagerTest {

    @TempDir
    private Path folder;

    @Test
    void readsTheCopyMadeAtTheStartUntilThereIsANewOne() throws IOException {
        Path first = copyIn("credentials");

        assertThat(ServiceManager.newest(first, environment())).isEqualTo(first);

        Path next = copyIn("runtime");
        assertThat(ServiceManager.newest(first, environment())).isEqualTo(next);
    }

    @Test
    void readsAFileThatIsNoCopyItself() throws IOException {
        Path file = copyIn("home");
        copyIn("runtime");

        assertThat(ServiceManager.newest(file, environment())).isEqualTo(file);
        assertThat(ServiceManager.reloadCommand(file, environment())).isEmpty();
    }

    @Test
    void readsTheCopyMadeAtTheStartWhereNobodyMakesNewOnes() throws IOException {
        Path first = copyIn("credentials");
        Map<String, String> environment =
                Map.of("CREDENTIALS_DIRECTORY", folder.resolve("credentials").toString());

        assertThat(ServiceManager.newest(first, environment)).isEqualTo(first);
        assertThat(ServiceManager.hasCopied(first, environment)).isTrue();
        assertThat(ServiceManager.reloadCommand(first, environment)).isEmpty();
    }

    private Path copyIn(String name) throws IOException {
        return Files.createFile(Files.createDirectory(folder.resolve(name)).resolve(SettingsLoader.CONFIG_FILE));
    }

    private Map<String, String> environment() {
        return Map.of(
                "CREDENTIALS_DIRECTORY",
                folder.resolve("credentials").toString(),
                "RUNTIME_DIRECTORY",
                folder.resolve("other") + ":" + folder.resolve("runtime"));
    }
}
