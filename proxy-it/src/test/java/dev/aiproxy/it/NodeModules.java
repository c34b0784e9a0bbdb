package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The scripts of {@code src/test/node} with the packages of its lock file, set up once in {@code target/node}. */
final class NodeModules {
    private static final Path SOURCE = Path.of("src", "test", "node");
    private static final Path TARGET = Path.of("target", "node");
    private static final int PATIENCE_MINUTES = 3;

    private NodeModules() {}

    /**
     * The folder where the scripts can run.
     *
     * <p>Where Node is missing, the test that asks is shown as skipped; on a build server it fails instead, so that
     * nobody thinks these clients were tried.
     */
    static Path installed() {
        boolean isBuildServer = System.getenv("CI") != null;
        assumeTrue(isBuildServer || (isOnPath("node") && isOnPath("npm")), "node and npm are not on the PATH");
        return Once.FOLDER;
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Installs when it is first asked for. */
    private static final class Once {
        static final Path FOLDER = install();

        private static Path install() {
            try (Stream<Path> sources = Files.list(SOURCE)) {
                Files.createDirectories(TARGET);
                for (Path source : sources.toList()) {
                    Files.copy(source, TARGET.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
                npmCi();
                return TARGET;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while npm was at work", interrupted);
            }
        }

        private static void npmCi() throws IOException, InterruptedException {
            Path log = TARGET.resolve("npm.log");
            Process npm = new ProcessBuilder(
                            List.of("npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"))
                    .directory(TARGET.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean isDone = npm.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            npm.destroyForcibly();
            assertThat(isDone && npm.waitFor() == 0)
                    .as("npm ci succeeds: %s", Files.readString(log))
                    .isTrue();
        }
    }
}
