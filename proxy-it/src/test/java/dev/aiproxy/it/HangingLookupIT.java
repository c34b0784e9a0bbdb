package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names whose look-up hangs: the real resolver, asking a name server that never answers. Nothing of the machine changes,
 * for all happens in a network and mount namespace of its own; where none may be made, the tests are skipped and say so.
 */
final class HangingLookupIT {
    private static final int PATIENCE_SECONDS = 60;
    private static final String IN_NAMESPACE =
            "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";

    @TempDir
    Path folder;

    private Path resolvConf;

    @BeforeEach
    void requireNamespaces() throws Exception {
        resolvConf = Files.writeString(
                folder.resolve("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:30 attempts:2\n");
        assumeThat(exitCodeOf("true"))
                .as("exit code of unshare; namespaces must be allowed here")
                .isZero();
    }

    private Process start(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "--net"));
        all.addAll(List.of("sh", "-c", IN_NAMESPACE, resolvConf.toString()));
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    private int exitCodeOf(String... command) throws Exception {
        try {
            Process process = start(command);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (IOException noSuchProgram) {
            return -1;
        }
    }

    /** Another request meets a host that is known: by a name, or, where the names take all there is, by its address. */
    @ParameterizedTest
    @ValueSource(strings = {"one", "many"})
    void answers504InTimeAndHoldsUpNobody(String names) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        int exitCode =
                exitCodeOf(java, "-cp", System.getProperty("java.class.path"), HangingNames.class.getName(), names);

        String output = Files.readString(folder.resolve("output.txt"), StandardCharsets.UTF_8);
        System.out.println(output);
        assertThat(exitCode).as(output).isZero();
    }
}
