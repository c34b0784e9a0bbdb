package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Service installers of others, dropped beside the program, on the class path and on the module path. */
@Timeout(120)
final class PluginIT {
    private static final Path DOCUMENT = Path.of("..", "docs", "plugins.md");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String OPENRC = "com.example.openrc.OpenRcInstaller";

    @TempDir
    Path work;

    /** Where the program is; not where a build has put it. */
    private Path program;

    private Path home;

    @BeforeEach
    void prepare() throws IOException {
        program = Files.createDirectory(work.resolve("the program"));
        home = Files.createDirectory(work.resolve("home"));
        Files.writeString(home.resolve("config.env"), "LISTEN_HOST=127.0.0.1\n");
    }

    @SideBySide
    @Test
    void plansWithTheExampleOfTheDocument() throws Exception {
        openRc().write(program.resolve("plugins/openrc.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(program, "--system", "--installer", "openrc");

        assertThat(verb.err()).isEmpty();
        assertThat(verb.exitCode()).isZero();
        assertThat(verb.out())
                .contains("/etc/init.d/ai-proxy", "#!/sbin/openrc-run", "supervisor=supervise-daemon")
                .contains("'\\''" + program.resolve("proxy-launcher.jar") + "'\\''")
                .contains("rc-service ai-proxy restart");
    }

    @SideBySide
    @Test
    void refusesWhatTheExampleCannotDoWithItsWords() throws Exception {
        openRc().write(program.resolve("plugins/openrc.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(program, "--user", "--installer", "openrc");

        assertThat(verb.err().strip()).isEqualTo("OpenRC has services of the machine alone: use --system");
        assertThat(verb.exitCode()).isEqualTo(1);
    }

    @SideBySide
    @Test
    void prefersAPluginThatSaysItServesTheMachine() throws Exception {
        anywhere("runit").write(program.resolve("plugins/runit.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(program, "--user");

        assertThat(verb.err()).isEmpty();
        assertThat(verb.out()).contains("planned by runit");
    }

    @SideBySide
    @Test
    void findsAPluginBesideTheLibFolderOfTheRelease() throws Exception {
        anywhere("runit").write(program.resolve("plugins/runit.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(Files.createDirectory(program.resolve("lib")), "--user");

        assertThat(verb.out()).contains("planned by runit");
    }

    @SideBySide
    @Test
    void namesWhatIsBrokenAndPassesOverIt() throws Exception {
        Path plugins = Files.createDirectories(program.resolve("plugins"));
        Files.writeString(plugins.resolve("damaged.jar"), "no jar at all");
        new PluginJar(work.resolve("missing"))
                .installer("com.example.MissingInstaller")
                .write(plugins.resolve("missing.jar"));
        anywhere("runit").write(plugins.resolve("sound.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(program, "--user");

        assertThat(verb.exitCode()).isZero();
        assertThat(verb.out()).contains("planned by runit");
        assertThat(verb.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("passing over the broken plugin " + plugins.resolve("damaged.jar") + ": "),
                        line -> assertThat(line)
                                .startsWith("passing over a broken service installer: ")
                                .contains("com.example.MissingInstaller"));
    }

    @SideBySide
    @Test
    void saysWhatThereIsForANameThatIsNotThere() throws Exception {
        anywhere("runit").write(program.resolve("plugins/runit.jar"), "-cp", LauncherProcess.JAR.toString());

        Verb verb = byJar(program, "--user", "--installer", "upstart");

        assertThat(verb.err().strip())
                .startsWith("no service installer is named upstart; there are: runit, ")
                .contains("systemd", "launchd");
        assertThat(verb.exitCode()).isEqualTo(1);
    }

    @SideBySide
    @Test
    void findsAPluginInTheFolderWhenTheProgramIsAModule() throws Exception {
        List<Path> modules = modules();
        openRc().write(program.resolve("plugins/openrc.jar"), "-cp", LauncherProcess.JAR.toString());

        String output = byModulePath(modules, "--system", "--installer", "openrc");

        assertThat(output).contains("/etc/init.d/ai-proxy", "rc-service ai-proxy restart");
    }

    @SideBySide
    @Test
    void findsAPluginThatIsAModuleAmongTheOthers() throws Exception {
        List<Path> modules = modules();
        Path module = work.resolve("modules/openrc.jar");
        openRc().source(
                        "module-info",
                        "module com.example.openrc {\n    requires dev.aiproxy.core;\n"
                                + "    provides dev.aiproxy.service.ServiceInstaller with " + OPENRC + ";\n}\n")
                .write(module, "--module-path", path(modules));
        modules.add(module);

        String output = byModulePath(modules, "--system", "--installer", "openrc");

        assertThat(output).contains("/etc/init.d/ai-proxy", "rc-service ai-proxy restart");
    }

    private PluginJar openRc() throws IOException {
        Matcher example = JAVA_BLOCK.matcher(Files.readString(DOCUMENT));
        assertThat(example.find()).as("an example in %s", DOCUMENT).isTrue();
        return new PluginJar(work.resolve("openrc"))
                .source(OPENRC, example.group(1))
                .installer(OPENRC);
    }

    /** An installer that says it serves whatever machine it is on. */
    private PluginJar anywhere(String name) {
        return new PluginJar(work.resolve(name))
                .source("com.example.Anywhere", """
                        package com.example;

                        import dev.aiproxy.service.ServiceInstaller;
                        import dev.aiproxy.service.ServicePlan;
                        import dev.aiproxy.service.ServiceSpec;
                        import java.util.List;

                        public final class Anywhere implements ServiceInstaller {
                            @Override
                            public String name() {
                                return "%1$s";
                            }

                            @Override
                            public boolean supports(String osName) {
                                return true;
                            }

                            @Override
                            public ServicePlan install(ServiceSpec spec) {
                                return new ServicePlan("planned by %1$s", List.of());
                            }

                            @Override
                            public ServicePlan uninstall(ServiceSpec spec) {
                                return install(spec);
                            }
                        }
                        """.formatted(name))
                .installer("com.example.Anywhere");
    }

    private Verb byJar(Path folder, String... options) throws IOException {
        Path jar = Files.copy(LauncherProcess.JAR, folder.resolve("proxy-launcher.jar"));
        List<String> arguments = new ArrayList<>(List.of("install-service", "--dry-run"));
        arguments.addAll(List.of(options));
        return Verb.runJar(jar, home, arguments.toArray(String[]::new));
    }

    private String byModulePath(List<Path> modules, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--module-path", path(modules)));
        command.addAll(List.of("--module", "dev.aiproxy.launcher/dev.aiproxy.launcher.Main"));
        command.addAll(List.of("install-service", "--dry-run", "--home", home.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** The launcher as a module in the program's folder, and all that it needs from where the build has it. */
    private List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (path.getFileName().toString().startsWith("proxy-launcher-")) {
                modules.add(Files.copy(path, program.resolve(path.getFileName())));
            } else if (isOfTheLauncher(path)) {
                modules.add(path);
            }
        }
        return modules;
    }

    /** The class path of these tests holds much more, such as SDKs of vendors, which are no modules. */
    private static boolean isOfTheLauncher(Path path) {
        return Files.isRegularFile(path)
                && Arrays.stream(new String[] {
                            "proxy-core",
                            "proxy-service",
                            "jspecify",
                            "picocli",
                            "commons-",
                            "slf4j-api",
                            "logback",
                            "jetty-",
                            "jakarta.servlet",
                            "prometheus-",
                            "opentelemetry-"
                        })
                        .anyMatch(start -> path.getFileName().toString().startsWith(start));
    }

    private static String path(List<Path> modules) {
        return modules.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
