package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The library works as a module among modules. The other tests run on the class path, where nothing is sealed off. */
final class ModulePathIT {
    private static final Path BUILT = Path.of("target", "it", "consumer", "target");

    @Test
    void servesAModularProgramWithoutOpeningAnything() throws IOException, InterruptedException {
        assertThat(BUILT.resolve("classes")).as("built by the invoker plugin").exists();
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        BUILT.resolve("classes") + File.pathSeparator + BUILT.resolve("modules"),
                        "--module",
                        "com.example.consumer/com.example.consumer.Consumer")
                .redirectErrorStream(true)
                .start();

        String output = new String(program.getInputStream().readAllBytes());

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output.strip()).isEqualTo("through the proxy");
        assertThat(program.exitValue()).isZero();
    }
}
