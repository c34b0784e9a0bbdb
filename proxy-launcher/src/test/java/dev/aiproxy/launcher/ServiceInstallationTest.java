package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aiproxy.service.ServiceInstaller;
import dev.aiproxy.service.ServicePlan;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceStep.DeleteFile;
import dev.aiproxy.service.ServiceStep.Run;
import dev.aiproxy.service.ServiceStep.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applies plans to a real folder, with commands that note that they ran, or fail when a test wants it. */
class ServiceInstallationTest {

    private static final ServiceInstallation.Proof FINE = () -> {};

    @TempDir
    private Path folder;

    private Path unit;
    private ServiceInstallation installation;

    @BeforeEach
    void prepare() {
        unit = folder.resolve("made/for/it/unit");
        installation = new ServiceInstallation(new NotingInstaller(), spec());
    }

    @Test
    void doesEachStepInOrder() throws IOException {
        install("first");

        assertThat(unit).content().isEqualTo("first");
        assertThat(Files.getPosixFilePermissions(unit)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(calls()).containsExactly("load", "start");
        assertThat(installation.isThere()).isTrue();
    }

    @Test
    void leavesNothingOfAFirstInstallationThatFails() throws IOException {
        failOn("start");

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> install("first"))
                .withMessageEndingWith("start failed with exit code 7: because of the test; all is as it was before");

        assertThat(folder.resolve("made")).doesNotExist();
        assertThat(calls()).containsExactly("load", "start", "stop", "unload");
    }

    @Test
    void keepsFoldersThatSomebodyElseUsesByThen() throws IOException {
        failOn("start");
        Files.createDirectories(folder.resolve("made"));

        assertThatExceptionOfType(VerbFailedException.class).isThrownBy(() -> install("first"));

        assertThat(folder.resolve("made")).isEmptyDirectory();
    }

    @Test
    void bringsTheOldServiceBackWhenAnUpgradeFails() throws IOException {
        install("old");
        Files.delete(folder.resolve("calls"));

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> installation.install(new NotingInstaller().plan("new"), () -> {
                    throw new StepFailedException("it does not answer");
                }))
                .withMessage("it does not answer; all is as it was before");

        assertThat(unit).content().isEqualTo("old");
        assertThat(Files.getPosixFilePermissions(unit)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(calls()).containsExactly("load", "start", "load", "start");
    }

    /** What a command has made of a file, only a command can take back, and while the file is there. */
    @Test
    void undoesAnUpgradeThatFailsBeforeTheFilesComeBack() throws IOException {
        install("old");
        failOn("start");
        Files.delete(folder.resolve("calls"));
        ServiceInstallation upgrade = new ServiceInstallation(new UndoingInstaller(), spec());

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> upgrade.install(new NotingInstaller().plan("new"), FINE));

        assertThat(folder.resolve("unit-when-undone")).content().isEqualTo("new");
        assertThat(unit).content().isEqualTo("old");
        assertThat(calls()).containsExactly("load", "start", "load", "start");
    }

    /** As a unit that systemctl has masked, or one that an administrator has linked. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "elsewhere"})
    void putsALinkBackAndLeavesAloneWhatItLeadsTo(String target) throws IOException {
        Files.createDirectories(unit.getParent());
        Files.writeString(unit.resolveSibling("elsewhere"), "somebody's own");
        Files.createSymbolicLink(unit, Path.of(target));
        failOn("start");

        assertThatExceptionOfType(VerbFailedException.class).isThrownBy(() -> install("new"));

        assertThat(Files.readSymbolicLink(unit)).isEqualTo(Path.of(target));
        assertThat(unit.resolveSibling("elsewhere")).content().isEqualTo("somebody's own");
        assertThat(unit.resolveSibling("unit.new")).doesNotExist();
    }

    @Test
    void runsNoCommandWhenItCannotEvenWrite() throws IOException {
        Files.writeString(folder.resolve("made"), "a file where a folder should be");

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> install("first"))
                .withMessageContaining(unit.toString());

        assertThat(calls()).isEmpty();
        assertThat(folder.resolve("made")).isRegularFile();
    }

    @Test
    void takesAllAwayAgain() throws IOException {
        install("first");

        installation.uninstall(new NotingInstaller().uninstall(spec()));

        assertThat(unit).doesNotExist();
        assertThat(installation.isThere()).isFalse();
        assertThat(calls()).containsExactly("load", "start", "stop", "unload");
    }

    @Test
    void bringsTheServiceBackWhenItCannotBeTakenAway() throws IOException {
        install("first");
        failOn("unload");

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> installation.uninstall(new NotingInstaller().uninstall(spec())));

        assertThat(unit).content().isEqualTo("first");
        assertThat(calls()).containsExactly("load", "start", "stop", "unload", "load", "start");
    }

    @Test
    void namesAProgramThatIsNotThere() {
        Run missing = new Run(List.of("no-such-program-anywhere"), false);

        assertThatExceptionOfType(VerbFailedException.class)
                .isThrownBy(() -> installation.install(new ServicePlan("", List.of(missing)), FINE))
                .withMessage("cannot run no-such-program-anywhere: it is not installed; all is as it was before");
    }

    @Test
    void goesOnAfterAStepThatMayFail() {
        Run missing = new Run(List.of("no-such-program-anywhere"), true);
        Run failing = new Run(List.of("false"), true);

        installation.install(new ServicePlan("", List.of(missing, failing)), FINE);
    }

    @Test
    void showsCommandsAsAShellWouldTakeThem() {
        assertThat(StepCommand.text(new Run(List.of("run", "a-b_c=1", "two words", "it's"), false)))
                .isEqualTo("run a-b_c=1 'two words' 'it'\\''s'");
    }

    private void install(String content) {
        installation.install(new NotingInstaller().plan(content), FINE);
    }

    private void failOn(String call) throws IOException {
        Files.writeString(folder.resolve("fail-on-" + call), "");
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private ServiceSpec spec() {
        return new ServiceSpec(
                "trial", ServiceSpec.Scope.USER, folder, List.of(), folder, folder, folder, folder, 1000);
    }

    private final class UndoingInstaller extends NotingInstaller {

        @Override
        public ServicePlan undo(ServiceSpec spec, boolean isUpgrade) {
            String copy = folder.resolve("unit-when-undone").toString();
            return new ServicePlan("undoes", List.of(new Run(List.of("cp", unit.toString(), copy), false)));
        }
    }

    private class NotingInstaller implements ServiceInstaller {

        @Override
        public String name() {
            return "noting";
        }

        @Override
        public boolean supports(String osName) {
            return true;
        }

        @Override
        public ServicePlan install(ServiceSpec spec) {
            return plan("as any other time");
        }

        ServicePlan plan(String content) {
            return new ServicePlan(
                    "installs", List.of(new WriteFile(unit, content, "rw-r-----"), note("load"), note("start")));
        }

        @Override
        public ServicePlan uninstall(ServiceSpec spec) {
            return new ServicePlan("uninstalls", List.of(note("stop"), new DeleteFile(unit), note("unload")));
        }

        private Run note(String call) {
            String script = "echo $1 >> calls; [ ! -e fail-on-$1 ] || { echo because of the test; exit 7; }";
            return new Run(List.of("/bin/sh", "-c", "cd \"$0\"; " + script, folder.toString(), call), false);
        }
    }
}
