package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive that users download, unpacked in a folder with a space in its name, and its script. */
@Timeout(120)
final class ReleaseArchiveIT {
    private static final String NOT_KNOWN = "not known";
    private static final String VERSION = "dev/aiproxy/launcher/version.properties";

    @TempDir
    Path work;

    private ReleaseArchive release;
    private Path home;

    @BeforeEach
    void unpack() throws Exception {
        release = ReleaseArchive.unpackTar(Files.createDirectory(work.resolve("un packed")));
        home = Files.createDirectory(work.resolve("the home"));
    }

    @SideBySide
    @Test
    void holdsTheSameInBothForms() throws Exception {
        List<String> zipped = ReleaseArchive.unpackZip(Files.createDirectory(work.resolve("zip")))
                .files();

        assertThat(release.files())
                .isEqualTo(zipped)
                .contains(
                        "bin/ai-proxy x",
                        "lib/proxy-launcher.jar",
                        "lib/jvm.options",
                        "plugins/README.md",
                        "completion/ai-proxy.sh",
                        "config.env.example",
                        "docs/service.md",
                        "README.md",
                        "CHANGELOG.md",
                        "LICENSE",
                        "NOTICE",
                        "THIRD-PARTY.md");
    }

    /** Else whoever unpacks it decides, and a service of another user may not be let in. */
    @SideBySide
    @Test
    void saysWhoMayEnterItsFolders() throws Exception {
        assertThat(ReleaseArchive.entriesOfTar())
                .filteredOn(entry -> entry.endsWith("/"))
                .allMatch(entry -> entry.startsWith("drwxr-xr-x"))
                .extracting(entry -> entry.substring(entry.indexOf('/', entry.indexOf("ai-proxy-"))))
                .contains("/bin/", "/lib/", "/plugins/", "/docs/", "/completion/");
    }

    @SideBySide
    @Test
    void forwardsByItsScript() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.plain()) {
            upstream.enqueue(Answers.ok());
            try (LauncherProcess proxy = start("run", upstream);
                    RawClient client = RawClient.connect(proxy.awaitAddress())) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                assertThat(proxy.err()).isEmpty();
                proxy.terminate();
                assertThat(proxy.awaitExit()).isZero();
            }
        }
    }

    private LauncherProcess start(String verb, ScriptedUpstream upstream) throws IOException {
        return ReleaseArchive.start(
                release.script(),
                home,
                Map.of(),
                verb,
                "--listen-host=127.0.0.1",
                "--listen-port=0",
                "--target-protocol=http",
                "--target-host=127.0.0.1",
                "--target-port=" + upstream.port());
    }

    @SideBySide
    @Test
    void isCalledThroughLinksFromAnywhere() throws Exception {
        Path near = Files.createSymbolicLink(work.resolve("ai-proxy"), work.relativize(release.script()));
        Path far = Files.createSymbolicLink(home.resolve("another name"), near);

        Verb verb = ReleaseArchive.verb(far, home, Map.of(), "version");

        assertThat(verb.err()).isEmpty();
        assertThat(verb.exitCode()).isZero();
        assertThat(verb.out()).contains("Jetty 12.");
    }

    @SideBySide
    @Test
    void callsItselfByTheNameOfTheScript() throws Exception {
        assertThat(verb(Map.of(), "--help").out())
                .startsWith("Usage: ai-proxy ")
                .doesNotContain("proxy-launcher");
        assertThat(verb(Map.of(), "check", "--help").out())
                .startsWith("Usage: ai-proxy check ")
                .contains("  ai-proxy check --json ")
                .doesNotContain("proxy-launcher");
    }

    @SideBySide
    @Test
    void passesOverAJavaThatIsTooOld() throws Exception {
        Path old = javaHome("old java", "11.0.2");

        Verb verb = verb(Map.of("JAVA_HOME", old.toString()), "version");

        assertThat(verb.err()).isEmpty();
        assertThat(verb.exitCode()).isZero();
    }

    @SideBySide
    @Test
    void usesTheJavaOfJavaHomeWithTheUsersOptions() throws Exception {
        Path chosen = javaHome("chosen java", "21.0.1");

        Verb verb = verb(Map.of("JAVA_HOME", chosen.toString(), "JAVA_OPTS", "-Xmx1g -Da=b"), "check", "--home", "a b");

        assertThat(verb.exitCode()).isEqualTo(42);
        assertThat(verb.out().lines())
                .containsExactly(
                        "@" + release.root() + "/lib/jvm.options",
                        "-Xmx1g",
                        "-Da=b",
                        "-jar",
                        release.jar().toString(),
                        "check",
                        "--home",
                        "a b");
    }

    @SideBySide
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-Xmx1g -XX:+UseG1GC", "-XX:+UseSerialGC"})
    void takesAnotherCollectorFromTheUser(String options) throws Exception {
        Verb verb = verb(Map.of("JAVA_OPTS", options), "version");

        assertThat(verb.err()).isEmpty();
        // A JVM warns of sizes that do not fit on standard output.
        assertThat(verb.out()).startsWith("proxy-launcher ").doesNotContain("[warning]");
        assertThat(verb.exitCode()).isZero();
    }

    @Test
    void leavesOutWhatGoesWithItsOwnCollectorWhereTheUserChoosesOne() throws Exception {
        Path chosen = javaHome("chosen java", "21.0.1");

        Verb verb = verb(Map.of("JAVA_HOME", chosen.toString(), "JAVA_OPTS", "-Xms1g -XX:+UseParallelGC"), "check");

        assertThat(verb.out().lines())
                .contains("-XX:-UsePerfData")
                .doesNotContain("-XX:+UseSerialGC", "-XX:MaxNewSize=12m")
                .containsSubsequence(
                        "-Xms32m",
                        "-Xms1g",
                        "-XX:+UseParallelGC",
                        "-jar",
                        release.jar().toString(),
                        "check");
    }

    @SideBySide
    @Test
    void saysInOneLineThatThereIsNoJavaNewEnough() throws Exception {
        Path old = javaHome("old java", "1.8.0_292");
        // As on a machine where the usual places are empty.
        Path script = release.root().resolve("bin/elsewhere");
        Files.writeString(
                script,
                Files.readString(release.script()).replace("/usr/", "/nowhere/").replace("/opt/", "/nowhere/"));
        assertThat(script.toFile().setExecutable(true)).isTrue();

        Verb verb = ReleaseArchive.verb(
                script, home, Map.of("JAVA_HOME", old.toString(), "PATH", tools().toString()), "version");

        assertThat(verb.exitCode()).isEqualTo(1);
        assertThat(verb.err().lines())
                .containsExactly("ai-proxy needs Java 17 or later, and there is only 1.8.0_292 in " + old
                        + "; install one, or set JAVA_HOME to where it is");
    }

    /** A Java that prints its arguments. */
    private Path javaHome(String name, String version) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name).resolve("bin")).getParent();
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = folder.resolve("bin/java");
        Files.writeString(java, "#!/bin/sh\nfor word; do echo \"$word\"; done\nexit 42\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return folder;
    }

    /** A folder of programs without a Java among them. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectory(work.resolve("tools"));
        for (String tool : new String[] {"sed", "readlink"}) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(folder -> Path.of(folder, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(tools.resolve(tool), found);
        }
        return tools;
    }

    @SideBySide
    @Test
    void hasAScriptThatShellcheckFindsNothingIn() throws Exception {
        assumeTrue(isInstalled("shellcheck"), "shellcheck is not installed");

        assertThat(ReleaseArchive.output(
                        Map.of(), List.of("shellcheck", release.script().toString())))
                .isEmpty();
    }

    @SideBySide
    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completesVerbsAndFlags(String shell) throws Exception {
        assumeTrue(isInstalled(shell), shell + " is not installed");
        String script = "source '" + release.root() + "/completion/ai-proxy.sh' >/dev/null 2>&1; ";
        String complete = "COMP_WORDS=(ai-proxy %s); COMP_CWORD=%d; %s _complete_ai-proxy; echo \"${COMPREPLY[@]}\"";
        String arrays = shell.equals("zsh") ? "setopt KSH_ARRAYS;" : "";

        String verbs = ReleaseArchive.output(
                Map.of("HOME", home.toString()), List.of(shell, "-c", script + complete.formatted("che", 1, arrays)));
        String flags = ReleaseArchive.output(
                Map.of("HOME", home.toString()),
                List.of(shell, "-c", script + complete.formatted("run --listen-p", 2, arrays)));

        assertThat(verbs.split("\\s+")).contains("check");
        assertThat(flags.split("\\s+")).contains("--listen-port");
    }

    @SideBySide
    @Test
    void bringsAnExampleOfEverySettingThatChangesNothing() throws Exception {
        Path example = release.root().resolve("config.env.example");

        Verb verb = verb(Map.of(), "config", "--config", example.toString());

        assertThat(verb.err()).isEmpty();
        assertThat(verb.out().lines()).allMatch(line -> line.endsWith(" default"));
        assertThat(example).content().contains("#TARGET_HOST=api.openai.com", "in effect: ai-proxy config\n");
    }

    @SideBySide
    @Test
    void startsByClassesThatItKeepsForTheNextTime() throws Exception {
        unpackWithoutASpace();

        Verb setup = verb(Map.of("HOME", home.toString()), "setup", "--listen-host=127.0.0.1", "--listen-port=0");

        assertThat(setup.exitCode()).as(setup.err()).isZero();
        assertThat(setup.out()).contains("ok: fast start, by " + home + "/.cache/ai-proxy/");
        assertThat(kept())
                .extracting(file -> file.toString().replaceFirst(".*\\.", "."))
                .containsExactlyInAnyOrder(".jsa", ".options");

        // It is the script's own option that is tested: a JVM that must not do without says so.
        Verb verb = verb(Map.of("HOME", home.toString(), "JAVA_OPTS", "-Xshare:on -Xlog:class+load"), "check");

        assertThat(verb.exitCode()).as(verb.err()).isEqualTo(3);
        assertThat(verb.out())
                .containsPattern("dev\\.aiproxy\\.launcher\\.StateFile source: shared objects file \\(top\\)");

        assertThat(trimInterval("")).isIn("30000", NOT_KNOWN);
        assertThat(trimInterval("-XX:+UseG1GC")).isIn("30000", NOT_KNOWN);
        assertThat(trimInterval("-XX:TrimNativeHeapInterval=0 -XX:+IgnoreUnrecognizedVMOptions"))
                .isIn("0", NOT_KNOWN);
    }

    /** How often a JVM that knows such an option gives memory back, in milliseconds. */
    private String trimInterval(String options) throws Exception {
        Verb verb = verb(Map.of("HOME", home.toString(), "JAVA_OPTS", "-XX:+PrintFlagsFinal " + options), "version");
        assertThat(verb.exitCode()).as(verb.err()).isZero();
        return verb.out()
                .lines()
                .filter(line -> line.contains(" TrimNativeHeapInterval "))
                .map(line -> line.replaceFirst(".* = (\\d+) .*", "$1"))
                .findFirst()
                .orElse(NOT_KNOWN);
    }

    /** A JVM of Java 17 that finds its jar in such a folder shares none of the jar's classes, only its own. */
    private void unpackWithoutASpace() throws Exception {
        release = ReleaseArchive.unpackTar(Files.createDirectory(work.resolve("unpacked")));
    }

    @SideBySide
    @Test
    void runsTheNewJarWhenThatIsReplaced() throws Exception {
        unpackWithoutASpace();
        Map<String, String> environment = Map.of("HOME", home.toString());
        assertThat(verb(environment, "fast-start").exitCode()).isZero();
        try (FileSystem jar = FileSystems.newFileSystem(release.jar())) {
            String version = Files.readString(jar.getPath(VERSION));
            Files.writeString(jar.getPath(VERSION), version.replaceFirst("(?m)^version=.*", "version=99.9"));
        }

        Verb verb = verb(environment, "version");

        assertThat(verb.err()).isEmpty();
        assertThat(verb.out()).startsWith("proxy-launcher 99.9\n");
        assertThat(verb(environment, "fast-start").exitCode()).isZero();
        assertThat(kept()).hasSize(4);
    }

    @SideBySide
    @Test
    void startsInTheBackgroundWithTheSameOptions() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.plain();
                LauncherProcess start = start("start", upstream)) {
            assertThat(start.awaitExit()).as(start.err()).isZero();
            long pid = Long.parseLong(start.out().replaceFirst("(?s)^started as PID (\\d+).*", "$1"));

            List<String> arguments = Arrays.asList(ProcessHandle.of(pid)
                    .flatMap(process -> process.info().arguments())
                    .orElseThrow());

            assertThat(arguments)
                    .containsOnlyOnce("-XX:+UseSerialGC")
                    .contains(release.jar().toString());
        } finally {
            verb(Map.of(), "stop", "--now");
        }
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve(".cache/ai-proxy"))) {
            return files.toList();
        }
    }

    private Verb verb(Map<String, String> environment, String... arguments) throws Exception {
        return ReleaseArchive.verb(release.script(), home, environment, arguments);
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
