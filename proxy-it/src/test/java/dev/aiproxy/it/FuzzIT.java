package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Valid conversations, changed at random, for a few seconds; for longer with {@code -Dfuzz.minutes=5}, others with
 * {@code -Dfuzz.seed=1}. A case that fails is printed and can be played alone with {@code -Dfuzz.case=}.
 */
final class FuzzIT {
    private static final long SEED = Long.getLong("fuzz.seed", 20_240_611);
    private static final double MINUTES = Double.parseDouble(System.getProperty("fuzz.minutes", "0.15"));
    private static final int WORKERS = 6;
    private static final int MOST_FAILURES = 20;
    private static final Duration WIND_DOWN = Duration.ofSeconds(60);

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong();
    private final Map<String, Long> endings = new TreeMap<>();

    @Test
    void survivesWhateverIsSentToIt() throws Exception {
        Long only = Long.getLong("fuzz.case");
        try (FuzzWatch watch = new FuzzWatch()) {
            if (only == null) {
                playMany(watch);
            } else {
                play(watch, () -> FuzzCase.of(SEED, only), () -> next.getAndIncrement() == 0);
            }
            System.out.printf("fuzz: seed %d, %d cases%n", SEED, next.get());
            System.out.printf("fuzz: %s%nfuzz: %s%n", endings, watch.outcomes());
        }
        assertThat(failures).isEmpty();
    }

    private void playMany(FuzzWatch watch) throws Exception {
        Duration time = Duration.ofMillis((long) (MINUTES * 60_000));
        long endNanos = System.nanoTime() + time.toNanos();
        BooleanSupplier goesOn = () -> System.nanoTime() < endNanos && failures.size() < MOST_FAILURES;
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int number = 0; number < WORKERS; number++) {
            workers.add(Background.run(() -> play(watch, () -> FuzzCase.of(SEED, next.getAndIncrement()), goesOn)));
        }
        for (CompletableFuture<Void> worker : workers) {
            worker.get(time.plus(WIND_DOWN).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void play(FuzzWatch watch, Supplier<FuzzCase> cases, BooleanSupplier goesOn) throws IOException {
        try (FuzzRun run = FuzzRun.start(watch)) {
            while (goesOn.getAsBoolean()) {
                play(run, cases.get());
            }
            synchronized (endings) {
                run.endings().forEach((ending, count) -> endings.merge(ending, count, Long::sum));
            }
        }
    }

    private void play(FuzzRun run, FuzzCase played) {
        try {
            run.play(played);
        } catch (IOException | AssertionError failure) {
            failures.add(played + "\n  " + failure);
        }
    }
}
