package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.Outcome;
import dev.aiproxy.it.ChildJvm.Holdings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mixed traffic with faults on both sides, for as many minutes as {@code -Dsoak.minutes=10} says; not at all unless it
 * is said. The proxy is the real jar in a process of its own, so that what it holds is only its own.
 */
final class SoakIT {
    private static final long SEED = 20_240_607;
    private static final int CLIENTS = 16;
    private static final long MEGABYTE = 1_000_000;
    private static final Duration WIND_DOWN = Duration.ofSeconds(60);
    private static final int PIPE_SLACK_FILES = 20;

    @TempDir
    Path home;

    @Test
    void accountsForEveryExchangeAndHoldsNothingBack() throws Exception {
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "0"));
        assumeThat(minutes).as("minutes to soak; say -Dsoak.minutes=10").isPositive();
        SoakLedger ledger = new SoakLedger();
        try (SoakUpstream upstream = SoakUpstream.start(ledger, SEED);
                LauncherProcess launcher = LauncherProcess.forwarding(home, upstream.port());
                ChildJvm jvm = attached(launcher)) {
            InetSocketAddress address = launcher.awaitAddress();
            soak(address, ledger, minutes / 5);
            Holdings before = settled(jvm);
            System.out.printf("soak: after %d exchanges: %s%n", ledger.sent(), before);

            soak(address, ledger, minutes * 4 / 5);

            Holdings after = settled(jvm);
            System.out.printf("soak: after %d exchanges: %s%n", ledger.sent(), after);
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();
            report(ledger, upstream);
            assertFlat(before, after);
            assertThat(ledger.disagreements()).isEmpty();
            assertThat(outcomes()).isEqualTo(expected(ledger));
        }
    }

    private static ChildJvm attached(LauncherProcess launcher) throws Exception {
        launcher.awaitAddress();
        return ChildJvm.attach(launcher.pid());
    }

    private static void soak(InetSocketAddress address, SoakLedger ledger, double minutes) throws Exception {
        long endNanos = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            SoakClient client = new SoakClient(address, ledger, SEED + number + endNanos % 1000);
            running.add(Background.run(() -> client.runWhile(() -> System.nanoTime() < endNanos)));
        }
        for (CompletableFuture<Void> one : running) {
            one.get((long) (minutes * 60) + WIND_DOWN.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Pooled connections to the upstream are closed after thirty seconds without use. */
    private static Holdings settled(ChildJvm jvm) throws Exception {
        TimeUnit.SECONDS.sleep(40);
        return jvm.holdings();
    }

    private static void assertFlat(Holdings before, Holdings after) {
        assertThat(after.heapBytes()).as("heap").isLessThan(before.heapBytes() + 6 * MEGABYTE);
        assertThat(after.directBytes()).as("direct memory").isLessThan(before.directBytes() + 8 * MEGABYTE);
        assertThat(after.files()).as("open files").isLessThan(before.files() + PIPE_SLACK_FILES);
        assertThat(after.threads()).as("threads").isLessThan(before.threads() + 10);
    }

    private static Map<Outcome, Long> expected(SoakLedger ledger) {
        Map<Outcome, Long> expected = new EnumMap<>(Outcome.class);
        for (SoakKind kind : SoakKind.values()) {
            expected.merge(kind.outcome(), ledger.sent(kind), Long::sum);
        }
        expected.merge(Outcome.COMPLETED, -ledger.lostToClosing(), Long::sum);
        expected.merge(Outcome.UPSTREAM_FAILED, ledger.lostToClosing(), Long::sum);
        return expected;
    }

    /** What access.log says, over all its files. */
    private Map<Outcome, Long> outcomes() throws IOException {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        try (Stream<Path> files = Files.list(home.resolve("logs"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("access"))
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    counts.merge(Outcome.valueOf(line.split(" ")[6].toUpperCase(Locale.ROOT)), 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    private void report(SoakLedger ledger, SoakUpstream upstream) throws IOException {
        for (SoakKind kind : SoakKind.values()) {
            System.out.printf("soak: %-9s %d%n", kind, ledger.sent(kind));
        }
        System.out.printf("soak: access.log %s%nsoak: asked for  %s%n", outcomes(), expected(ledger));
        System.out.printf(
                "soak: leaves the upstream saw %d, connections it still has %d, uploads lost to closing connections %d%n",
                upstream.leavesSeen(), upstream.openConnections(), ledger.lostToClosing());
        ledger.disagreementsByKind().forEach((kind, times) -> System.out.printf("soak: %s times: %s%n", times, kind));
        ledger.disagreements().forEach(line -> System.out.println("soak: " + line));
    }
}
