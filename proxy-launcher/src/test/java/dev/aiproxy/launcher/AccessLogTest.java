package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    @Test
    void hasEveryLineOnDiskWhenClosed(@TempDir Path home) throws IOException {
        Settings settings = new SettingsLoader(home, Map.of("LOG_FORMAT", "json")).load(GivenFlags.none());

        try (AccessLog log = AccessLog.open(settings)) {
            for (int id = 1; id <= 1_000; id++) {
                log.onEnd(end(id));
            }
        }

        assertThat(Files.readAllLines(home.resolve("logs/access.log")))
                .hasSize(1_000)
                .allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("\"durationMs\":1}"));
    }

    @Test
    void appendsToWhatIsThere(@TempDir Path home) throws IOException {
        Settings settings = new SettingsLoader(home, Map.of()).load(GivenFlags.none());

        for (int start = 1; start <= 2; start++) {
            try (AccessLog log = AccessLog.open(settings)) {
                log.onEnd(end(start));
            }
        }

        assertThat(Files.readAllLines(home.resolve("logs/access.log"))).hasSize(2);
    }

    @Test
    void beginsAnewAtItsSize(@TempDir Path home) throws IOException {
        Settings settings = new SettingsLoader(home, Map.of("ACCESS_LOG_MAX_SIZE", "64k")).load(GivenFlags.none());

        try (AccessLog log = AccessLog.open(settings)) {
            for (int id = 1; id <= 2_000; id++) {
                log.onEnd(end(id));
            }
        }

        assertThat(Files.size(home.resolve("logs/access.log"))).isLessThanOrEqualTo(66_000);
        try (Stream<Path> files = Files.list(home.resolve("logs"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("access.log")
                    .anyMatch(name -> name.matches("access\\.\\d{4}-\\d\\d-\\d\\d\\.0\\.log\\.gz"));
        }
    }

    private static ExchangeEnd end(long id) {
        return new ExchangeEnd(
                new Exchange(id, Instant.EPOCH, "192.0.2.7", Optional.empty(), "GET", "/", ""),
                Outcome.COMPLETED,
                Optional.of(200),
                Optional.empty(),
                0,
                2,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(1));
    }
}
