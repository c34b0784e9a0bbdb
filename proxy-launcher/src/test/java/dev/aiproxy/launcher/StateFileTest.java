package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    @TempDir
    private Path home;

    @Test
    void knowsOfNothingWhereNothingEverRan() throws IOException {
        assertThat(StateFile.read(home)).isEqualTo(ProxyState.STOPPED);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void tellsWhatTheProxyHasSaidLast() throws IOException {
        StateFile own = claim();
        own.add(Map.of("inFlight", "2"));
        own.add(Map.of("inFlight", "1"));

        ProxyState state = StateFile.read(home);

        assertThat(state.isRunning()).isTrue();
        assertThat(state.inFlight()).contains(1);
        assertThat(state.process()).contains(ProcessHandle.current());
        own.release();
    }

    @Test
    void belongsToOneProxyAtATime() throws IOException {
        StateFile own = claim();

        assertThat(StateFile.claim(home, Map.of())).isEmpty();

        own.release();
        assertThat(StateFile.claim(home, Map.of())).isPresent().get().satisfies(StateFile::release);
    }

    @Test
    void isEmptyAfterAnEndInOrder() throws IOException {
        claim().release();

        assertThat(StateFile.read(home)).isEqualTo(ProxyState.STOPPED);
        assertThat(home.resolve(StateFile.NAME)).isEmptyFile();
    }

    /** Whatever process has that number now: without the lock, it is not the proxy. */
    @Test
    void takesNoNumberForAProxyWithoutTheLock() throws IOException {
        Files.writeString(
                home.resolve(StateFile.NAME), "pid=" + ProcessHandle.current().pid() + "\n");

        assertThat(StateFile.read(home).life()).isEqualTo(ProxyState.Life.DIED);
    }

    @Test
    void takesNoOtherProcessForTheProxyEvenWithTheLock() throws IOException {
        StateFile own = StateFile.claim(home, Map.of("pid", "1", "mark", "of another start"))
                .orElseThrow();

        ProxyState state = StateFile.read(home);

        assertThat(state.isRunning()).isTrue();
        assertThat(state.pid()).contains(1L);
        assertThat(state.process()).isEmpty();
        own.release();
    }

    @Test
    void startsAnewWhereAProxyHasDied() throws IOException {
        Files.writeString(home.resolve(StateFile.NAME), "pid=4711\nstopNow=true\n");

        StateFile own = claim();

        assertThat(StateFile.read(home).pid()).contains(ProcessHandle.current().pid());
        assertThat(own.isToldToStopNow()).isFalse();
        own.release();
    }

    @Test
    void passesOnThatItIsToStopNow() throws IOException {
        StateFile own = claim();

        StateFile.tellToStopNow(home.resolve(StateFile.NAME));

        assertThat(own.isToldToStopNow()).isTrue();
        own.release();
    }

    @Test
    void passesOnToASuccessorAndEndsUnderAnotherName() throws IOException {
        StateFile old = claim();
        StateFile next = StateFile.claimNext(home, Map.of("pid", "2")).orElseThrow();
        assertThat(next.isPresent()).isFalse();

        Path oldFile = StateFile.promote(home, ProcessHandle.current().pid());

        assertThat(next.isPresent()).isTrue();
        assertThat(old.isPresent()).isFalse();
        assertThat(StateFile.read(home).pid()).contains(2L);
        StateFile.tellToHandOver(oldFile);
        assertThat(old.isToldToHandOver()).isTrue();
        old.release();
        assertThat(StateFile.oldFiles(home)).isEmpty();
        assertThat(StateFile.read(home).pid()).contains(2L);
        next.release();
    }

    @Test
    void hasOneSuccessorAtATime() throws IOException {
        StateFile next = StateFile.claimNext(home, Map.of()).orElseThrow();

        assertThat(StateFile.claimNext(home, Map.of())).isEmpty();

        next.release();
    }

    private StateFile claim() throws IOException {
        Settings settings = new SettingsLoader(home, Map.of()).load(GivenFlags.none());
        return StateFile.claim(home, ProxyState.factsOfThisProcess(settings, Optional.empty()))
                .orElseThrow();
    }
}
