package dev.aiproxy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a verb of the jar that ends by itself has done.
 *
 * @param out all of stdout
 * @param err all of stderr
 */
record Verb(int exitCode, String out, String err) {

    /** Runs a verb in a folder and waits for its end. */
    static Verb run(Path folder, String... arguments) {
        return run(folder, Map.of(), arguments);
    }

    /** The same by a jar that is a copy of the build's. */
    static Verb runJar(Path jar, Path folder, String... arguments) {
        return ended(() -> LauncherProcess.startJar(jar, folder, Map.of(), arguments));
    }

    /** The same with an environment that has these variables, and PATH unless they name it. */
    static Verb run(Path folder, Map<String, String> environment, String... arguments) {
        return ended(() -> LauncherProcess.start(folder, environment, arguments));
    }

    private interface Start {
        LauncherProcess start() throws IOException;
    }

    private static Verb ended(Start start) {
        try (LauncherProcess launcher = start.start()) {
            return new Verb(launcher.awaitExit(), launcher.out(), launcher.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a verb ran", e);
        }
    }
}
