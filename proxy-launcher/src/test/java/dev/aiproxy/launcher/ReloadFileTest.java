package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadFileTest {

    private static final ReloadResult DONE =
            new ReloadResult(0, List.of("MAX_STREAMS 1 -> 2", "ORIGIN a -> b"), List.of());
    private static final ReloadResult BAD = ReloadResult.failed(78, List.of("config.env:1: no, é or \\ = : it is"));

    @TempDir
    private Path home;

    @Test
    void isReadAsItWasWritten() throws IOException {
        ReloadFile written = ReloadFile.of(4711)
                .withBegun()
                .withEnded(DONE)
                .withBegun()
                .withEnded(BAD)
                .withBegun();

        written.write(home);

        assertThat(ReloadFile.read(home)).contains(written);
        assertThat(home).isDirectoryContaining(file -> file.endsWith(ReloadFile.NAME));
    }

    @Test
    void isNotThereWhereNoneIsTaken() throws IOException {
        assertThat(ReloadFile.read(home)).isEmpty();
    }

    @Test
    void hasNoResultBeforeTheReloadHasEnded() {
        ReloadFile running = ReloadFile.of(1).withBegun().withEnded(DONE).withBegun();

        assertThat(running.resultSince(1)).contains(DONE);
        assertThat(running.resultSince(2)).isEmpty();
    }

    /** Who looked while reload 1 was running waits for number 2, whoever asked for that. */
    @Test
    void hasTheResultOfEachOfTheLastReloads() {
        ReloadFile two =
                ReloadFile.of(1).withBegun().withEnded(DONE).withBegun().withEnded(BAD);

        assertThat(two.resultSince(1)).contains(DONE);
        assertThat(two.resultSince(2)).contains(BAD);
    }

    @Test
    void keepsAFewResultsOnly() throws IOException {
        ReloadFile many = ReloadFile.of(1);
        for (int i = 0; i < 100; i++) {
            many = many.withBegun().withEnded(DONE);
        }
        many.write(home);

        assertThat(ReloadFile.read(home)).contains(many);
        assertThat(many.results()).hasSize(8);
        assertThat(many.resultSince(1)).contains(DONE);
    }

    @Test
    void isDeletedByWhoWroteItOnly() throws IOException {
        ReloadFile.of(4711).write(home);

        ReloadFile.delete(home, 4712);
        assertThat(ReloadFile.read(home)).isPresent();

        ReloadFile.delete(home, 4711);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void saysThatItIsDamaged() throws IOException {
        Files.writeString(home.resolve(ReloadFile.NAME), "pid=x\n");

        assertThatIOException().isThrownBy(() -> ReloadFile.read(home)).withMessageContaining("damaged");
    }
}
