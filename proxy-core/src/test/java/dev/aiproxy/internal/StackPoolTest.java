package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Pool.Entry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StackPoolTest {

    private @Nullable Character placeAtHand;
    private final StackPool<String> pool = new StackPool<>(3, value -> value.charAt(0), () -> placeAtHand);

    private Entry<String> enabled(String value) {
        Entry<String> entry = pool.reserve();
        assertThat(entry.enable(value, false)).isTrue();
        return entry;
    }

    @Test
    void handsOutWhatWasReleasedLast() {
        enabled("a1");
        enabled("a2");
        Entry<String> first = pool.acquire();
        Entry<String> second = pool.acquire();

        second.release();
        first.release();

        assertThat(pool.acquire().getPooled()).isEqualTo(first.getPooled()).isEqualTo("a2");
    }

    @Test
    void handsOutWhatIsAtHandFirst() {
        enabled("a1");
        enabled("b1");
        enabled("a2");

        placeAtHand = 'b';
        assertThat(pool.acquire().getPooled()).isEqualTo("b1");
        placeAtHand = 'a';
        assertThat(pool.acquire().getPooled()).isEqualTo("a2");
        placeAtHand = 'c';
        assertThat(pool.acquire().getPooled()).isEqualTo("a1");
        assertThat(pool.acquire()).isNull();
    }

    @Test
    void handsOutNothingThatIsReservedInUseOrRemoved() {
        pool.reserve();
        enabled("used");
        pool.acquire();
        Entry<String> removed = enabled("removed");

        assertThat(removed.remove()).isTrue();

        assertThat(pool.acquire()).isNull();
        assertThat(removed.remove()).isFalse();
        assertThat(removed.isTerminated()).isTrue();
    }

    @Test
    void reservesNoMoreThanItsSizeAndAgainAfterARemoval() {
        Entry<String> first = pool.reserve();
        pool.reserve();
        pool.reserve();

        assertThat(pool.reserve()).isNull();

        assertThat(first.remove()).isTrue();
        assertThat(pool.reserve()).isNotNull();
        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    void acquiresAtOnceWhatIsEnabledForUse() {
        Entry<String> entry = pool.reserve();

        assertThat(entry.enable("a", true)).isTrue();

        assertThat(entry.isInUse()).isTrue();
        assertThat(pool.acquire()).isNull();
    }

    @Test
    void takesAndGivesNothingOnceItIsTerminated() {
        Entry<String> used = enabled("used");
        pool.acquire();
        Entry<String> reserved = pool.reserve();
        enabled("idle");

        assertThat(pool.terminate()).hasSize(3);

        assertThat(pool.acquire()).isNull();
        assertThat(pool.reserve()).isNull();
        assertThat(used.release()).isFalse();
        assertThat(reserved.enable("late", false)).isFalse();
    }

    @Test
    void givesNoEntryToTwoAtOnce() throws Exception {
        StackPool<AtomicInteger> shared = new StackPool<>(8, value -> System.identityHashCode(value) % 3, () -> 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> running = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            Random random = new Random(number);
            running.add(threads.submit(() -> useOverAndOver(shared, random)));
        }

        int uses = 0;
        for (Future<Integer> one : running) {
            uses += one.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();

        assertThat(uses).isPositive();
        assertThat(shared.size()).isLessThanOrEqualTo(8);
        assertThat(shared.getIdleCount()).isEqualTo(shared.size());
    }

    private static int useOverAndOver(StackPool<AtomicInteger> shared, Random random) {
        int uses = 0;
        for (int round = 0; round < 50_000; round++) {
            Entry<AtomicInteger> entry = shared.acquire(any -> new AtomicInteger());
            if (entry == null) {
                continue;
            }
            assertThat(entry.getPooled().incrementAndGet()).isEqualTo(1);
            entry.getPooled().decrementAndGet();
            uses++;
            if (random.nextInt(10) == 0) {
                assertThat(entry.remove()).isTrue();
            } else {
                assertThat(entry.release()).isTrue();
            }
        }
        return uses;
    }
}
