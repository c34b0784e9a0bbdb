package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code install-service} and {@code uninstall-service} by the jar, with a {@code systemctl} that notes its calls and
 * starts and stops the proxy in the background.
 */
@Timeout(120)
final class ServiceIT {
    @TempDir
    Path home;

    @TempDir
    Path user;

    private Path unit;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        unit = user.resolve(".config/systemd/user/ai-proxy.service");
        port = FreePort.any();
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_PROTOCOL=http\nTARGET_HOST=127.0.0.1\nTARGET_PORT=1\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=" + port
                        + "\n");
        Path bin = Files.createDirectory(user.resolve("bin"));
        // All that may be found by the name alone.
        program(bin.resolve("id"), "exec /usr/bin/id \"$@\"");
        program(bin.resolve("sh"), "exec /bin/sh \"$@\"");
        systemctl("");
    }

    @AfterEach
    void stop() {
        verb("stop", "--now");
    }

    @SideBySide
    @Test
    void installsWhatAnswersUpgradesItAndTakesItAway() throws Exception {
        Verb install = verb("install-service", "--user");

        assertThat(install.exitCode()).as(install.err()).isZero();
        assertThat(install.out())
                .isEqualTo("installed as the systemd service ai-proxy: http://127.0.0.1:" + port + "\n");
        assertThat(calls()).contains("--user daemon-reload", "--user enable ai-proxy.service");

        Verb upgrade = verb("install-service", "--user", "--java-option=-Xmx200m");

        assertThat(upgrade.exitCode()).as(upgrade.err()).isZero();
        assertThat(unit).content().contains(" -Xmx200m ", "--home " + home + " ");

        Verb uninstall = verb("uninstall-service", "--user");

        assertThat(uninstall).isEqualTo(new Verb(0, "uninstalled ai-proxy\n", ""));
        assertThat(unit).doesNotExist();
        assertThat(verb("check").exitCode()).isEqualTo(3);
        assertThat(home.resolve("config.env")).exists();
        assertThat(verb("uninstall-service", "--user").out()).isEqualTo("ai-proxy is not installed\n");
    }

    @SideBySide
    @Test
    void leavesNothingWhenItPurges() throws Exception {
        assertThat(verb("install-service", "--user").exitCode()).isZero();
        Files.writeString(home.resolve("not ours"), "");

        assertThat(verb("uninstall-service", "--user", "--purge").exitCode()).isZero();

        try (var files = Files.list(home)) {
            // The last two are the test's own.
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("not ours", "stdout.txt", "stderr.txt");
        }
    }

    @SideBySide
    @Test
    void showsItsPlanAndDoesNothing() throws Exception {
        Verb plan = verb("install-service", "--user", "--dry-run");

        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains(
                        "write " + unit + " with mode rw-r--r--:\n",
                        "    Restart=on-failure\n",
                        "run: systemctl --user ");
        assertThat(unit).doesNotExist();
        assertThat(calls()).isEmpty();
    }

    @SideBySide
    @Test
    void showsThePlanForAMac() throws Exception {
        Verb plan = Verb.run(
                home,
                Map.of("HOME", user.toString(), "JAVA_TOOL_OPTIONS", "-Dos.name='Mac OS X'"),
                "install-service",
                "--user",
                "--dry-run");

        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains(
                        "write " + user + "/Library/LaunchAgents/dev.aiproxy.ai-proxy.plist",
                        "run: launchctl bootstrap");
    }

    @SideBySide
    @Test
    void leavesNothingWhenTheServiceCannotBeStarted() throws Exception {
        systemctl("case \"$*\" in *restart*) echo Job failed.; exit 1;; esac");

        Verb install = verb("install-service", "--user");

        assertThat(install.exitCode()).isEqualTo(1);
        assertThat(install.err())
                .isEqualTo("systemctl --user restart ai-proxy.service failed with exit code 1: Job failed.;"
                        + " all is as it was before\n");
        assertThat(user.resolve(".config")).doesNotExist();
        assertThat(calls()).contains("--user disable --now ai-proxy.service");
    }

    @SideBySide
    @Test
    void leavesNothingWhenTheServiceDoesNotAnswer() throws Exception {
        systemctl("exit 0");

        Verb install = verb("install-service", "--user", "--wait=1");

        assertThat(install.exitCode()).isEqualTo(1);
        assertThat(install.err())
                .isEqualTo("the service does not answer on http://127.0.0.1:" + port
                        + " within 1 s; its log tells why; all is as it was before\n");
        assertThat(unit).doesNotExist();
    }

    @SideBySide
    @Test
    void saysInOneLineThatThereIsNoSystemd() throws Exception {
        Files.delete(user.resolve("bin/systemctl"));

        Verb install = verb("install-service", "--user");

        assertThat(install.exitCode()).isEqualTo(1);
        assertThat(install.err()).isEqualTo("cannot run systemctl: it is not installed; all is as it was before\n");
        assertThat(unit).doesNotExist();
    }

    @SideBySide
    @Test
    void doesNotInstallABadConfigurationNorNone() throws Exception {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=x\n");
        assertThat(verb("install-service", "--user").exitCode()).isEqualTo(78);

        Files.delete(home.resolve("config.env"));
        Verb install = verb("install-service", "--user");

        assertThat(install.exitCode()).isEqualTo(78);
        assertThat(install.err())
                .isEqualTo("there is no " + home.resolve("config.env") + "; make one with: proxy-launcher setup --home "
                        + home + "\n");
        assertThat(calls()).isEmpty();
    }

    @SideBySide
    @Test
    void doesNotInstallWhereAnotherProcessListens() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Verb install = verb("install-service", "--user");

            assertThat(install.exitCode()).isEqualTo(1);
            assertThat(install.err()).startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort());
            assertThat(calls()).isEmpty();
        }
    }

    @SideBySide
    @Test
    void namesASystemItHasNoInstallerFor() {
        Verb install = Verb.run(
                home, Map.of("HOME", user.toString(), "JAVA_TOOL_OPTIONS", "-Dos.name=Plan9"), "install-service");

        assertThat(install.exitCode()).isEqualTo(1);
        assertThat(install.err()).endsWith("\nno service installer for Plan9; there are: systemd, launchd\n");
    }

    private void systemctl(String first) throws IOException {
        String java =
                LauncherProcess.JAVA + " " + String.join(" ", QuickStart.options()) + " -jar " + LauncherProcess.JAR;
        program(user.resolve("bin/systemctl"), """
                echo "$*" >> %s
                %s
                case "$*" in
                  *restart*) exec %s start --home %s;;
                  *disable*) exec %s stop --now --home %s;;
                esac
                """.formatted(user.resolve("calls"), first, java, home, java, home));
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** What systemctl was told to do; to ask which it is does nothing. */
    private List<String> calls() throws IOException {
        Path calls = user.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls).stream()
                        .filter(call -> !call.equals("--version"))
                        .toList()
                : List.of();
    }

    private Verb verb(String... arguments) {
        return Verb.run(
                home,
                Map.of("HOME", user.toString(), "PATH", user.resolve("bin").toString()),
                arguments);
    }
}
