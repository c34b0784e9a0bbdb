package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runnable jar as the process that users start, in a folder of its own. */
final class LauncherProcess implements AutoCloseable {
    /** The jar of this build, absolute. */
    static final Path JAR = Path.of("..", "proxy-launcher", "target", "proxy-launcher.jar")
            .toAbsolutePath()
            .normalize();

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final Pattern LISTENING = Pattern.compile("listening on https?://127\\.0\\.0\\.1:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path out;
    private final Path err;

    private LauncherProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code java -jar proxy-launcher.jar} with these arguments, and nothing of this environment but PATH. */
    static LauncherProcess start(Path home, Map<String, String> environment, String... arguments) throws IOException {
        assertThat(JAR).as("the runnable jar; build proxy-launcher first").exists();
        return startJar(QuickStart.options(), JAR, home, environment, arguments);
    }

    /** The same with a jar that is a copy of the build's. */
    static LauncherProcess startJar(Path jar, Path home, Map<String, String> environment, String... arguments)
            throws IOException {
        return startJar(QuickStart.OF_ANY_JAR, jar, home, environment, arguments);
    }

    private static LauncherProcess startJar(
            List<String> options, Path jar, Path home, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return startProgram(command, home, environment);
    }

    /** Starts any command that comes down to the same. */
    static LauncherProcess startProgram(List<String> command, Path home, Map<String, String> environment)
            throws IOException {
        Path out = home.resolve("stdout.txt");
        Path err = home.resolve("stderr.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(environment);
        return new LauncherProcess(builder.start(), out, err);
    }

    /** Starts the proxy on a free port in front of an upstream on this port, with these flags on top. */
    static LauncherProcess forwarding(Path home, int upstreamPort, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--listen-host", "127.0.0.1", "--listen-port", "0"));
        arguments.addAll(List.of("--target-host", "127.0.0.1", "--target-protocol", "http"));
        arguments.addAll(List.of("--target-port", String.valueOf(upstreamPort)));
        arguments.addAll(List.of(more));
        return start(home, Map.of(), arguments.toArray(String[]::new));
    }

    /** Number of the process. */
    long pid() {
        return process.pid();
    }

    /** Waits until it says where it listens. */
    InetSocketAddress awaitAddress() {
        Eventually.await(
                "the launcher to listen, stderr was: " + err(),
                PATIENCE,
                () -> LISTENING.matcher(out()).find() || !process.isAlive());
        Matcher listening = LISTENING.matcher(out());
        assertThat(listening.find()).as("it ended: %s", err()).isTrue();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(listening.group(1)));
    }

    /** Asks it to end as a service manager does, with SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends it any signal, such as {@code HUP}. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended and returns its exit code. */
    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** The same with another patience, for a machine that is made to be busy. */
    int awaitExit(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
                .as("the launcher ends within %s", patience)
                .isTrue();
        return process.exitValue();
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Eventually.await("the launcher to end", PATIENCE, () -> !process.isAlive());
    }
}
