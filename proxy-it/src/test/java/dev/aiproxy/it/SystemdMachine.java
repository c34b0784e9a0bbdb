package dev.aiproxy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine that systemd has booted, in a container of systemd-nspawn: the programs of this machine, a file system over
 * its own that keeps what is written until it is closed, and a network of its own with nothing but loopback.
 */
final class SystemdMachine implements AutoCloseable {
    /** Result of a command in the machine; both streams in one. */
    record Result(int exitCode, String output) {}

    /** The jar, where every user of the machine can read it. */
    static final String JAR = "/opt/ai-proxy/proxy-launcher.jar";

    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration COMMAND = Duration.ofSeconds(120);
    private static final List<String> PROGRAMS =
            List.of("systemd-nspawn", "systemctl", "nsenter", "setsid", "mount", "umount", "find", "id");
    private static final List<Path> CGROUPS =
            List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup/systemd"), Path.of("/sys/fs/cgroup"));

    private final String name = "ai-proxy-it-" + ProcessHandle.current().pid();
    private final Path base = Path.of("/run", name);
    private final Path root = base.resolve("root");
    private final Path console;
    private Process container;

    private SystemdMachine(Path console) {
        this.console = console;
    }

    /**
     * Boots a machine.
     *
     * @param console where what it says while booting goes
     * @throws IOException if this machine does not allow that, saying what
     */
    static SystemdMachine create(Path console) throws IOException {
        checkHost();
        SystemdMachine machine = new SystemdMachine(console);
        try {
            machine.build();
            machine.boot();
            return machine;
        } catch (IOException | RuntimeException | AssertionError e) {
            machine.close();
            throw new IOException("no machine can be booted with systemd here: " + e.getMessage(), e);
        }
    }

    /** What can be told before anything is touched. */
    private static void checkHost() throws IOException {
        for (String program : PROGRAMS) {
            boolean isThere = Arrays.stream(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!isThere) {
                throw new IOException("no machine can be booted with systemd here: " + program + " is not installed");
            }
        }
        if (!execute(List.of("id", "-u")).output().strip().equals("0")) {
            throw new IOException("no machine can be booted with systemd here: it takes root");
        }
    }

    private void build() throws IOException {
        Files.createDirectories(base);
        // An overlay cannot have its upper layer on itself.
        host("mount", "-t", "tmpfs", "tmpfs", base.toString());
        for (String folder : List.of("upper", "work", "root")) {
            Files.createDirectory(base.resolve(folder));
        }
        String layers = "lowerdir=/,upperdir=%1$s/upper,workdir=%1$s/work".formatted(base);
        host("mount", "-t", "overlay", "overlay", "-o", layers, root.toString());
        // Nothing of what this machine would start: only what systemd itself needs.
        host("sh", "-c", "rm -rf \"$0\"/etc/systemd/system/*.wants/*", root.toString());
        Files.writeString(root.resolve("etc/machine-id"), "");
        Path target = root.resolve("etc/systemd/system/default.target");
        Files.deleteIfExists(target);
        Files.createSymbolicLink(target, Path.of("/lib/systemd/system/multi-user.target"));
        Path jar = root.resolve(JAR.substring(1));
        Files.createDirectories(jar.getParent());
        Files.copy(LauncherProcess.JAR, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Switches the machine on; what was written before it was switched off is there. */
    void boot() throws IOException {
        Path cgroup = Files.createDirectories(cgroups().get(0).resolve(name));
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "echo $$ > \"$1/cgroup.procs\"; exec setsid systemd-nspawn -q -D \"$2\" --register=no --keep-unit"
                                + " --private-network --machine=\"$3\" --console=pipe -b",
                        "sh",
                        cgroup.toString(),
                        root.toString(),
                        name)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
        builder.environment().put("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", "1");
        container = builder.start();
        Eventually.await("the machine to boot; it said: " + Files.readString(console), BOOT, () -> isUp());
    }

    private boolean isUp() {
        if (!container.isAlive()) {
            throw new AssertionError("it ended with exit code " + container.exitValue() + ": " + text(console));
        }
        return leader().isPresent()
                && List.of("running", "degraded")
                        .contains(run("systemctl", "is-system-running").output().strip());
    }

    /** Process 1 of the machine. */
    private Optional<Long> leader() {
        return container.children().map(ProcessHandle::pid).findFirst();
    }

    /** Runs a command in the machine as root. */
    Result run(String... command) {
        return enter(List.of("-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"), command);
    }

    /** Runs a verb of the jar in the machine as root. */
    Result verb(String... arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(QuickStart.OF_ANY_JAR);
        command.addAll(List.of("-jar", JAR));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Starts a program of this machine in the network of that one. */
    Process startInNetwork(String... command) throws IOException {
        List<String> entered = entered(List.of("-n"), command);
        return new ProcessBuilder(entered)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
                .start();
    }

    private Result enter(List<String> namespaces, String... command) {
        return execute(entered(namespaces, command));
    }

    private List<String> entered(List<String> namespaces, String... command) {
        List<String> entered = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(leader().orElseThrow())));
        entered.addAll(namespaces);
        entered.add("--");
        entered.addAll(List.of(command));
        return entered;
    }

    private static Result execute(List<String> command) {
        try {
            Path output = Files.createTempFile("command", ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(output));
            }
            Result result = new Result(process.exitValue(), Files.readString(output));
            Files.delete(output);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while this ran: " + command, e);
        }
    }

    private static void host(String... command) throws IOException {
        Result result = execute(List.of(command));
        if (result.exitCode() != 0) {
            throw new IOException(
                    List.of(command) + " failed: " + result.output().strip());
        }
    }

    /** Switches the machine off in order. */
    void powerOff() {
        run("systemctl", "poweroff");
        Eventually.await("the machine to power off", BOOT, () -> !container.isAlive());
    }

    /** A file of the machine, from outside. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public void close() {
        if (container != null && container.isAlive()) {
            leader().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
            container.destroyForcibly();
            Eventually.await("the machine to end", BOOT, () -> !container.isAlive());
        }
        execute(List.of("umount", "--lazy", root.toString()));
        execute(List.of("umount", "--lazy", base.toString()));
        base.toFile().delete();
        cgroups().forEach(this::removeCgroup);
    }

    private static List<Path> cgroups() {
        return CGROUPS.stream()
                .filter(cgroup -> Files.exists(cgroup.resolve("cgroup.procs"), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** The ones of the machine's services lie below; the kernel lets only empty ones go. */
    private void removeCgroup(Path parent) {
        Path cgroup = parent.resolve(name);
        if (Files.isDirectory(cgroup)) {
            Eventually.await("the cgroup " + cgroup + " to be empty", BOOT, () -> {
                execute(List.of("find", cgroup.toString(), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"));
                return Files.notExists(cgroup);
            });
        }
    }

    private static String text(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join(" | ", lines.toList());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
