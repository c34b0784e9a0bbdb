package dev.aiproxy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Options by which a JVM with the jar of this build starts in less than half the time; the tests start hundreds. What runs
 * is the same.
 */
final class QuickStart {
    /** For every jar: no compiler whose work would come too late, and the collector that the jar chooses itself. */
    static final List<String> OF_ANY_JAR = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final int PATIENCE_SECONDS = 60;

    private QuickStart() {}

    /** For this build's own jar, where it is. */
    static List<String> options() {
        return Once.OPTIONS;
    }

    /** Makes an archive of the jar's classes when it is first asked for, unless there is one of this very jar. */
    private static final class Once {
        static final List<String> OPTIONS = make();

        private static List<String> make() {
            try {
                String name = "classes-"
                        + Files.getLastModifiedTime(LauncherProcess.JAR).toMillis() + ".jsa";
                Path archive = Path.of("target", name).toAbsolutePath();
                if (!Files.exists(archive)) {
                    train(archive);
                }
                List<String> options = new ArrayList<>(OF_ANY_JAR);
                // A JVM that cannot use it is to do without, and to say nothing.
                options.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-XX:SharedArchiveFile=" + archive));
                return List.copyOf(options);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while classes were archived", interrupted);
            }
        }

        /** As the jar does for its users. */
        private static void train(Path archive) throws IOException, InterruptedException {
            Path made = archive.resolveSibling("making-" + archive.getFileName());
            Files.deleteIfExists(made);
            List<String> command = new ArrayList<>(List.of(LauncherProcess.JAVA));
            command.addAll(OF_ANY_JAR);
            command.add("-XX:ArchiveClassesAtExit=" + made);
            command.addAll(List.of("-jar", LauncherProcess.JAR.toString(), "fast-start", "--train"));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean isDone = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            if (isDone && Files.exists(made)) {
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
