package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The release archive of this build, unpacked.
 *
 * @param root the one folder in it
 */
record ReleaseArchive(Path root) {
    private static final int SECONDS = 30;

    /** Unpacks the tar, by the tool that users have. */
    static ReleaseArchive unpackTar(Path folder) throws IOException, InterruptedException {
        output(Map.of(), List.of("tar", "-xzf", file("*.tar.gz").toString(), "-C", folder.toString()));
        return in(folder);
    }

    /** What the tar holds, each with its mode in front. */
    static List<String> entriesOfTar() throws IOException, InterruptedException {
        return output(Map.of(), List.of("tar", "-tvzf", file("*.tar.gz").toString()))
                .lines()
                .toList();
    }

    static ReleaseArchive unpackZip(Path folder) throws IOException, InterruptedException {
        output(Map.of(), List.of("unzip", "-q", file("*.zip").toString(), "-d", folder.toString()));
        return in(folder);
    }

    private static Path file(String glob) throws IOException {
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(LauncherProcess.JAR.getParent(), "ai-proxy-" + glob)) {
            return found.iterator().next();
        }
    }

    private static ReleaseArchive in(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return new ReleaseArchive(entries.findFirst().orElseThrow());
        }
    }

    Path script() {
        return root.resolve("bin/ai-proxy");
    }

    Path jar() {
        return root.resolve("lib/proxy-launcher.jar");
    }

    /** Every file in it, relative, in order, with an x behind it if it can be run. */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file) + (Files.isExecutable(file) ? " x" : ""))
                    .sorted()
                    .toList();
        }
    }

    /** Starts a program that is this script, a link to it or a copy of it. */
    static LauncherProcess start(Path script, Path home, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        return LauncherProcess.startProgram(command, home, environment);
    }

    /** The same for a verb that ends by itself. */
    static Verb verb(Path script, Path home, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        try (LauncherProcess launcher = start(script, home, environment, arguments)) {
            return new Verb(launcher.awaitExit(), launcher.out(), launcher.err());
        }
    }

    /** All that a command prints; it must end well and soon. */
    static String output(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }
}
