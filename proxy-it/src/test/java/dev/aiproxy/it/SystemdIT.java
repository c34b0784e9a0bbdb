package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aiproxy.it.SystemdMachine.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The service on a machine that systemd has really booted. Skipped, with the reason, where no such machine can be had: it
 * takes root, systemd-nspawn and overlays.
 */
@Tag("systemd")
@Timeout(300)
final class SystemdIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RESTART_MICROS = Duration.ofSeconds(5).toNanos() / 1000;
    private static final int CLIENTS = 4;
    private static final int RESTARTS = 5;
    private static final String HOME = "/etc/ai-proxy";
    private static final String STATE = "/var/lib/ai-proxy";

    @TempDir
    private static Path folder;

    private static SystemdMachine machine;

    @BeforeAll
    static void bootAMachine() throws IOException {
        try {
            machine = SystemdMachine.create(Files.createFile(folder.resolve("console")));
        } catch (IOException e) {
            // Some reporters show only that it was skipped.
            System.err.println("SystemdIT is skipped: " + e.getMessage());
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    @AfterAll
    static void switchOff() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void install() {
        expect(
                "created",
                machine.verb("setup", "--home", HOME, "--target=http://127.0.0.1:9001", "--listen-port=8080"));
        expect("installed as the systemd service", install("--home", HOME));
    }

    /** With options by which the service starts in half the time, as often as it is started here. */
    private static Result install(String... options) {
        List<String> arguments = new ArrayList<>(List.of("install-service"));
        QuickStart.OF_ANY_JAR.forEach(option -> arguments.add("--java-option=" + option));
        arguments.addAll(List.of(options));
        return machine.verb(arguments.toArray(String[]::new));
    }

    @AfterEach
    void uninstall() {
        assertThat(machine.verb("uninstall-service", "--home", HOME, "--purge").exitCode())
                .isZero();
    }

    @Test
    void streamsAsAServiceWithoutAnyRights() throws IOException {
        Process upstream = machine.startInNetwork(
                SystemdMachine.java(), "-jar", LauncherProcess.JAR.toString(), "demo", "--port=9001");
        try {
            Eventually.await("a stream through the service", PATIENCE, () -> call("/v1/chat/completions")
                    .contains("data: [DONE]"));
        } finally {
            upstream.descendants().forEach(ProcessHandle::destroyForcibly);
            upstream.destroyForcibly();
        }
        String status =
                machine.run("cat", "/proc/" + property("MainPID") + "/status").output();
        assertThat(status).containsPattern("Uid:\\s+6\\d{4}\\s").containsPattern("CapEff:\\s+0{16}\\s");
        assertThat(status).containsPattern("NoNewPrivs:\\s+1\\s").containsPattern("Seccomp:\\s+2\\s");
    }

    /** A JVM has no IPv6 where it cannot read /proc/net/if_inet6. */
    @Test
    void answersByIpv6AsWell() {
        String addresses = machine.run("cat", "/proc/net/if_inet6").output();
        assumeTrue(addresses.startsWith("00000000000000000000000000000001 "), "the machine has no IPv6");

        Result answer = machine.run("curl", "-sN", "http://[::1]:8080/v1/models");

        assertThat(answer.output()).contains("upstream_connect_refused");
    }

    @Test
    void tellsTheJournalAndWhoeverChecks() {
        awaitJournal("listens on /0.0.0.0:8080");
        assertThat(machine.verb("check", "--home", STATE).output()).startsWith("running as PID " + property("MainPID"));
        assertThat(machine.verb("restart", "--home", STATE).output())
                .endsWith("is run by a service manager; restart it by: systemctl restart ai-proxy.service\n");
        assertThat(machine.verb("reload", "--home", STATE).output())
                .endsWith("is run by a service manager; reload it by: systemctl reload ai-proxy.service\n");
    }

    @Test
    void goesToANewTargetAfterAReloadAndCutsNoStream() throws IOException {
        Process next = machine.startInNetwork(
                SystemdMachine.java(), "-jar", LauncherProcess.JAR.toString(), "demo", "--port=9002");
        String before = property("MainPID");
        try (SystemdStream stream = SystemdStream.begin(machine, 9001, 8080)) {
            reloadWith("TARGET_PORT=9001", "TARGET_PORT=9002");

            awaitStatus("reloaded: TARGET_PORT 9001 -> 9002, 1 setting changed");
            Eventually.await("a stream of the new target", PATIENCE, () -> call("/v1/chat/completions")
                    .contains("data: [DONE]"));
            assertThat(stream.end()).isEqualTo("data: first\n\ndata: last\n\n");
        } finally {
            next.descendants().forEach(ProcessHandle::destroyForcibly);
            next.destroyForcibly();
        }
        assertThat(property("MainPID")).isEqualTo(before);
    }

    @Test
    void keepsWhatItHasAfterAReloadOfABadConfigurationAndSaysWhy() throws IOException {
        reloadWith("TARGET_PORT=9001", "TARGET_PORT=none");

        awaitStatus("keeps the settings it has: /run/ai-proxy/config.env:");
        assertThat(property("StatusText")).contains("TARGET_PORT is 'none', must be");
        awaitJournal("keeps the settings it has: /run/ai-proxy/config.env:");
        assertThat(answers()).isTrue();
        reloadWith("TARGET_PORT=none", "TARGET_PORT=9001");
        awaitStatus("reloaded: nothing changed");
    }

    @Test
    void failsToReloadAConfigurationThatIsGoneAndServesOn() throws IOException {
        Path config = machine.file(HOME + "/config.env");
        String text = Files.readString(config);
        Files.delete(config);

        Result reload = machine.run("systemctl", "reload", "ai-proxy.service");
        Files.writeString(config, text);

        assertThat(reload.exitCode()).isEqualTo(1);
        awaitJournal("cannot stat '" + HOME + "/config.env'");
        assertThat(property("ActiveState")).isEqualTo("active");
        assertThat(answers()).isTrue();
    }

    /** The folder is the service's own: whoever has broken into it can put there what he likes. */
    @Test
    void reloadsWithoutFollowingALinkAndShowsTheCopyToNobody() {
        String copy = "/run/ai-proxy/config.env";
        assertThat(machine.run("ln", "-s", "/etc/hostname", copy).exitCode()).isZero();
        String hostname = fileState("/etc/hostname");

        assertThat(machine.run("systemctl", "reload", "ai-proxy.service").exitCode())
                .isZero();

        awaitStatus("reloaded: nothing changed");
        assertThat(fileState("/etc/hostname")).isEqualTo(hostname);
        assertThat(fileState(copy)).startsWith("regular file 400 6");
        assertThat(machine.run("runuser", "-u", "nobody", "--", "cat", copy).output())
                .contains("Permission denied");
        assertThat(machine.run("systemctl", "restart", "ai-proxy.service").exitCode())
                .isZero();
        assertThat(machine.run("ls", "/run/ai-proxy").output()).isEmpty();
    }

    private static void reloadWith(String line, String replacement) throws IOException {
        Path config = machine.file(HOME + "/config.env");
        Files.writeString(config, Files.readString(config).replace(line, replacement));
        Result reload = machine.run("systemctl", "reload", "ai-proxy.service");
        assertThat(reload.exitCode()).as(reload.output()).isZero();
    }

    private static void awaitStatus(String words) {
        Eventually.await("the status to have: " + words, PATIENCE, () -> property("StatusText")
                .contains(words));
    }

    /** Its kind, mode, owner and time of change. */
    private static String fileState(String path) {
        return machine.run("stat", "-c", "%F %a %u %Z", path).output();
    }

    @Test
    void isBackWithinFiveSecondsWhenItIsKilled() {
        String before = property("MainPID");
        long killedAtMicros = System.nanoTime() / 1000;

        assertThat(machine.run("kill", "-KILL", before).exitCode()).isZero();

        Eventually.await(
                "the service to answer again",
                PATIENCE,
                () -> !property("MainPID").equals(before) && answers());
        long startedAtMicros = Long.parseLong(property("ExecMainStartTimestampMonotonic"));
        assertThat(startedAtMicros - killedAtMicros).isBetween(0L, RESTART_MICROS);
        assertThat(property("NRestarts")).isEqualTo("1");
    }

    @Test
    void isStartedWhenItAnswersAndSaysWhatItDoes() {
        assertThat(machine.run("systemctl", "restart", "ai-proxy.service").exitCode())
                .isZero();

        assertThat(answers()).isTrue();
        assertThat(property("Type")).isEqualTo("notify");
        assertThat(property("StatusText")).matches("serving on 8080, \\d+ in flight");
        assertThat(machine.run("systemctl", "status", "ai-proxy.service").output())
                .contains("Status: \"serving on 8080");
    }

    @Test
    void isStartedAnewWhenItHangs() throws IOException {
        withSetting("WatchdogSec=6s", () -> {
            String before = property("MainPID");

            assertThat(machine.run("kill", "-STOP", before).exitCode()).isZero();

            Eventually.await(
                    "the service to answer again",
                    PATIENCE,
                    () -> !property("MainPID").equals(before) && answers());
            awaitJournal("Watchdog timeout");
            assertThat(property("NRestarts")).isEqualTo("1");
        });
    }

    /** As with a DRAIN_TIMEOUT that is longer than what the unit as installed gives. */
    @Test
    void drainsForLongerThanTheUnitGives() throws IOException {
        withSetting("TimeoutStopSec=3s", () -> {
            try (SystemdStream stream = SystemdStream.begin(machine, 9001, 8080)) {
                long begunNanos = System.nanoTime();
                CompletableFuture<Result> stop =
                        CompletableFuture.supplyAsync(() -> machine.run("systemctl", "stop", "ai-proxy.service"));

                Eventually.await(
                        "twice the time of the unit",
                        PATIENCE,
                        () -> System.nanoTime() - begunNanos
                                > Duration.ofSeconds(6).toNanos());

                assertThat(property("ActiveState")).isEqualTo("deactivating");
                assertThat(stream.end()).isEqualTo("data: first\n\ndata: last\n\n");
                assertThat(stop.orTimeout(60, TimeUnit.SECONDS).join().exitCode())
                        .isZero();
            }
            assertThat(property("Result")).isEqualTo("success");
        });
    }

    private interface Promise {
        void check() throws IOException;
    }

    /** Checks it on the service with another setting of its section, as of {@code systemctl edit}. */
    private static void withSetting(String setting, Promise promise) throws IOException {
        Path dropIn = machine.file("/etc/systemd/system/ai-proxy.service.d/test.conf");
        Files.createDirectories(dropIn.getParent());
        Files.writeString(dropIn, "[Service]\n" + setting + "\n");
        try {
            machine.run("systemctl", "daemon-reload");
            machine.run("systemctl", "restart", "ai-proxy.service");
            promise.check();
        } finally {
            Files.delete(dropIn);
            Files.delete(dropIn.getParent());
            machine.run("systemctl", "daemon-reload");
        }
    }

    @Test
    void readsAConfigurationThatOnlyRootCanRead() throws IOException {
        assertThat(Files.getPosixFilePermissions(machine.file(HOME + "/config.env")))
                .doesNotContain(PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_READ);
        assertThat(machine.run("systemctl", "cat", "ai-proxy.service").output())
                .contains("LoadCredential=config.env:" + HOME + "/config.env");
        assertThat(answers()).isTrue();
    }

    @Test
    void losesNothingInRestartsBehindASocketOfSystemd() throws Exception {
        expect("installed", install("--home", HOME, "--socket"));
        assertThat(property("TriggeredBy")).isEqualTo("ai-proxy.socket");
        List<CompletableFuture<Long>> clients = new ArrayList<>();
        Path stop = machine.file("/etc/stop-clients");
        for (int number = 0; number < CLIENTS; number++) {
            clients.add(CompletableFuture.supplyAsync(SystemdIT::failuresOfAClient));
        }

        for (int restart = 0; restart < RESTARTS; restart++) {
            assertThat(machine.run("systemctl", "restart", "ai-proxy.service").exitCode())
                    .isZero();
        }

        Files.createFile(stop);
        for (CompletableFuture<Long> client : clients) {
            assertThat(client.get(60, TimeUnit.SECONDS)).isZero();
        }
        Files.delete(stop);
        awaitJournal("listening on http://[::]:8080");
    }

    /** Asks until it is told to stop, each time on a new connection; returns how often it did not get an answer. */
    private static long failuresOfAClient() {
        String script = "asked=0; failed=0; while [ ! -e /etc/stop-clients ]; do asked=$((asked + 1));"
                + " curl -s -m 30 -o /dev/null http://127.0.0.1:8080/v1/models || failed=$((failed + 1)); done;"
                + " echo \"$asked $failed\"";
        String[] counts = machine.run("sh", "-c", script).output().strip().split(" ");
        assertThat(Long.parseLong(counts[0])).as("requests of a client").isPositive();
        System.out.println("requests over restarts behind a socket: " + counts[0] + ", failed: " + counts[1]);
        return Long.parseLong(counts[1]);
    }

    @Test
    void listensOnALowPortWithoutRightsBehindASocketOfSystemd() throws IOException {
        Path config = machine.file(HOME + "/config.env");
        Files.writeString(config, Files.readString(config).replace("LISTEN_PORT=8080", "LISTEN_PORT=80"));

        expect("installed", install("--home", HOME, "--socket"));

        assertThat(call(80, "/v1/models")).contains("upstream_connect_refused");
        expect("uninstalled ai-proxy", machine.verb("uninstall-service", "--home", HOME));
        assertThat(machine.file("/etc/systemd/system/ai-proxy.socket")).doesNotExist();
        assertThat(call(80, "/v1/models")).isEmpty();
    }

    @Test
    void isUpgradedByBeingInstalledAgain() {
        String before = property("MainPID");

        expect("installed", install("--home", HOME, "--java-option=-Dupgraded=yes"));

        assertThat(property("MainPID")).isNotEqualTo(before);
        assertThat(machine.run("systemctl", "cat", "ai-proxy.service").output()).contains("-Dupgraded=yes");
        assertThat(answers()).isTrue();
    }

    @Test
    void isBackAfterAReboot() throws IOException {
        machine.powerOff();
        machine.boot();

        Eventually.await("the service to answer after the boot", PATIENCE, SystemdIT::answers);
        assertThat(property("NRestarts")).isEqualTo("0");
    }

    @Test
    void stopsForGoodWhenItIsStoppedByTheVerb() {
        expect("stopped", machine.verb("stop", "--home", STATE));

        Eventually.await(
                "systemd to see it", PATIENCE, () -> property("ActiveState").equals("inactive"));
        assertThat(property("Result")).isEqualTo("success");
    }

    @Test
    void keepsTheConfigurationAndLeavesNoServiceWhenItIsUninstalled() {
        expect("uninstalled ai-proxy", machine.verb("uninstall-service", "--home", HOME));

        assertThat(property("LoadState")).isEqualTo("not-found");
        assertThat(answers()).isFalse();
        assertThat(machine.file(HOME + "/config.env")).exists();
        assertThat(machine.file("/etc/systemd/system/ai-proxy.service")).doesNotExist();
    }

    @Test
    void leavesNothingAtAllWhenItIsPurged() {
        expect("uninstalled ai-proxy", machine.verb("uninstall-service", "--home", HOME, "--purge"));

        assertThat(machine.run(
                                "find",
                                "/etc",
                                "/var",
                                "/run",
                                "-name",
                                "*ai-proxy*",
                                "-not",
                                "-path",
                                HOME,
                                "-not",
                                "-path",
                                "/run/host/*")
                        .output())
                .isEmpty();
        assertThat(machine.file(HOME)).isEmptyDirectory();
    }

    @Test
    void runsAfterARebootForAUserWhoHasNotLoggedIn() throws IOException {
        assertThat(machine.run("useradd", "--create-home", "ada").exitCode()).isZero();
        assertThat(machine.run("loginctl", "enable-linger", "ada").exitCode()).isZero();
        Eventually.await(
                "the user's service manager",
                PATIENCE,
                () -> machine.file("/var/lib/systemd/linger/ada").toFile().exists()
                        && asAda("systemctl", "--user", "is-system-running")
                                .output()
                                .startsWith("running"));
        expect(
                "created",
                verbAsAda("setup", "--home=/home/ada/proxy", "--target=http://127.0.0.1:9001", "--listen-port=8081"));

        expect("installed", verbAsAda("install-service", "--user", "--home=/home/ada/proxy"));
        assertThat(asAda("systemctl", "--user", "reload", "ai-proxy.service").exitCode())
                .isZero();
        expect("reloaded: nothing changed", verbAsAda("reload", "--home=/home/ada/proxy"));
        machine.powerOff();
        machine.boot();

        Eventually.await(
                "the user's service to answer", PATIENCE, () -> call(8081, "/").contains("upstream_connect"));
        expect("uninstalled", verbAsAda("uninstall-service", "--user", "--home=/home/ada/proxy", "--purge"));
        // The classes in the cache are those of all proxies of the user.
        assertThat(machine.run("find", "/home/ada", "-name", "*proxy*", "-not", "-path", "/home/ada/.cache/*")
                        .output())
                .isEqualTo("/home/ada/proxy\n");
    }

    private static Result verbAsAda(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SystemdMachine.java(), "-jar", SystemdMachine.JAR));
        command.addAll(List.of(arguments));
        return asAda(command.toArray(String[]::new));
    }

    private static Result asAda(String... command) {
        String uid = machine.run("id", "-u", "ada").output().strip();
        List<String> asAda = new ArrayList<>(List.of("runuser", "-u", "ada", "--", "env", "HOME=/home/ada"));
        asAda.add("XDG_RUNTIME_DIR=/run/user/" + uid);
        asAda.addAll(List.of(command));
        return machine.run(asAda.toArray(String[]::new));
    }

    /** A service without rights cannot listen on a low port, which nobody could know before. */
    @Test
    void putsTheOldServiceBackWhenTheNewOneDoesNotAnswer() throws IOException {
        Path config = machine.file(HOME + "/config.env");
        String working = Files.readString(config);
        Files.writeString(config, working.replace("LISTEN_PORT=8080", "LISTEN_PORT=80"));

        Result upgrade = install("--home", HOME, "--wait=3");
        Files.writeString(config, working);

        assertThat(upgrade.exitCode()).isEqualTo(1);
        assertThat(upgrade.output())
                .contains("systemctl restart ai-proxy.service failed with exit code 1", "all is as it was");
        expect("installed", install("--home", HOME));
        assertThat(answers()).isTrue();
    }

    @Test
    void leavesNoSocketWhenTheServiceBehindItCannotBeStarted() {
        Result upgrade = install("--home", HOME, "--socket", "--java-option=-XX:+NoSuchOption");

        assertThat(upgrade.output()).contains("all is as it was");
        // It finds links that lead nowhere, too.
        assertThat(machine.run("find", "/etc/systemd", "/run/systemd", "-name", "ai-proxy.socket")
                        .output())
                .isEmpty();
        assertThat(answers()).isTrue();
    }

    @Test
    void leavesNothingOfAFirstInstallationThatFails() {
        expect("uninstalled ai-proxy", machine.verb("uninstall-service", "--home", HOME));
        assertThat(machine.run("rm", "-rf", STATE, "/var/lib/private/ai-proxy").exitCode())
                .isZero();

        Result installation = install("--home", HOME, "--java-option=-XX:+NoSuchOption");

        assertThat(installation.output()).contains("all is as it was");
        assertThat(property("LoadState")).isEqualTo("not-found");
        assertThat(machine.run("find", "/var/lib", "-name", "ai-proxy").output())
                .isEmpty();
        assertThat(machine.run("find", "/var/log", "-name", "ai-proxy").output())
                .as("logs that were there before")
                .contains("/var/log/private/ai-proxy\n");
    }

    private static void expect(String words, Result result) {
        assertThat(result.output()).as("exit code %d", result.exitCode()).contains(words);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private static boolean answers() {
        return call("/v1/models").contains("upstream_connect_refused");
    }

    private static String call(String path) {
        return call(8080, path);
    }

    private static String call(int port, String path) {
        return machine.run("curl", "-sN", "http://127.0.0.1:" + port + path, "-d", "{\"stream\":true}")
                .output();
    }

    private static String property(String name) {
        return machine.run("systemctl", "show", "--value", "-p", name, "ai-proxy.service")
                .output()
                .strip();
    }

    /** It has lines a little after they were written. */
    private static void awaitJournal(String words) {
        Eventually.await(
                "the journal to have: " + words, PATIENCE, () -> journal().contains(words));
    }

    private static String journal() {
        return machine.run("journalctl", "--no-pager", "-u", "ai-proxy.service").output();
    }
}
