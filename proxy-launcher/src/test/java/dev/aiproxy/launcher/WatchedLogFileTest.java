package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.EchoEncoder;
import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WatchedLogFileTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path home;

    private final RecordedLog warnings = RecordedLog.of(WatchedLogFile.class);
    private final AtomicLong linesLost = new AtomicLong();
    private WatchedLogFile file;
    private Path folder;

    private void open(LogRetention retention) {
        Settings settings = new SettingsLoader(home, Map.of()).load(GivenFlags.none());
        folder = settings.get(ConfigKey.LOG_DIR);
        file = RollingFile.open(
                new WatchedLogFile(linesLost::incrementAndGet),
                (Context) LoggerFactory.getILoggerFactory(),
                settings,
                "test",
                retention,
                new EchoEncoder<>());
        file.write("first");
    }

    @AfterEach
    void close() {
        file.stop();
        warnings.close();
    }

    /** What a full disk or a lost mount is to a program: writing fails, and so does opening. */
    private void breakDisk() throws IOException {
        Files.move(folder, home.resolve("away"));
        Files.writeString(folder, "no folder");
        ((ResilientFileOutputStream) file.getOutputStream()).getChannel().close();
    }

    private void mendDisk() throws IOException {
        Files.delete(folder);
        Files.move(home.resolve("away"), folder);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waiting for %s", what).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void countsWhatCannotBeWrittenAndTellsItOnce() throws IOException {
        open(LogRetention.STANDARD);
        breakDisk();

        for (int line = 1; line <= 100; line++) {
            file.write("lost");
        }

        assertThat(linesLost.get()).isEqualTo(100);
        assertThat(warnings.messages())
                .singleElement()
                .asString()
                .startsWith("test.log cannot be written, and lacks lines until it can: ");
        mendDisk();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tellsOfAFullDiskOnce() throws IOException {
        open(LogRetention.STANDARD);
        Path log = folder.resolve("test.log");
        Files.delete(log);
        // full(4): it can be opened, and takes nothing.
        Files.createSymbolicLink(log, Path.of("/dev/full"));
        ((ResilientFileOutputStream) file.getOutputStream()).getChannel().close();

        int lines = 0;
        for (long until = System.nanoTime() + 1_000_000_000; System.nanoTime() - until < 0; lines++) {
            file.write("lost");
            LockSupport.parkNanos(1_000_000);
        }

        assertThat(linesLost.get()).isEqualTo(lines);
        assertThat(warnings.messages())
                .singleElement()
                .asString()
                .startsWith("test.log cannot be written, and lacks lines until it can: ");
    }

    @Test
    void goesOnWhenItCanBeWrittenAgain() throws IOException {
        open(LogRetention.STANDARD);
        breakDisk();
        file.write("lost");
        mendDisk();

        await("the file to be written again", () -> {
            file.write("maybe lost");
            return warnings.messages().size() == 2;
        });
        long lost = linesLost.get();
        file.write("last");

        assertThat(warnings.messages()).last().isEqualTo("test.log is written again, and lacks " + lost + " lines");
        assertThat(linesLost.get()).isEqualTo(lost);
        assertThat(Files.readAllLines(folder.resolve("test.log"))).containsExactly("first", "maybe lost", "last");
    }

    @Test
    void goesOnWhenANewFileCouldNotBeBegun() throws IOException {
        open(new LogRetention(2, 1, 2));
        breakDisk();
        file.write("lost");
        file.write("lost");
        assertThat(linesLost.get()).isEqualTo(2);
        mendDisk();

        file.write("written");

        assertThat(linesLost.get()).isEqualTo(2);
        assertThat(Files.readAllLines(folder.resolve("test.log"))).containsExactly("first", "written");
        assertThat(warnings.messages()).hasSize(2);
    }
}
