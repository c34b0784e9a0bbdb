package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DroppingQueueTest {

    private final List<Integer> consumed = new CopyOnWriteArrayList<>();
    private final List<Long> dropped = new CopyOnWriteArrayList<>();

    @Test
    void consumesInOrderAndFlushesOnClose() {
        DroppingQueue<Integer> queue = DroppingQueue.start("test", 100, consumed::add, dropped::add);

        IntStream.range(0, 50).forEach(queue::offer);
        queue.close();

        assertThat(consumed)
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(dropped).isEmpty();
    }

    @Test
    void dropsAndCountsRatherThanBlock() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch diskWorksAgain = new CountDownLatch(1);
        DroppingQueue<Integer> queue = DroppingQueue.start(
                "test",
                2,
                item -> {
                    taken.countDown();
                    await(diskWorksAgain);
                    consumed.add(item);
                },
                dropped::add);
        queue.offer(0);
        assertThat(taken.await(10, TimeUnit.SECONDS))
                .as("the first item is taken")
                .isTrue();

        IntStream.range(1, 6).forEach(queue::offer);
        diskWorksAgain.countDown();
        queue.close();

        assertThat(consumed).containsExactly(0, 1, 2);
        assertThat(dropped).containsExactly(3L);
    }

    @Test
    void countsWhatTheConsumerFailsOnAndGoesOn() {
        DroppingQueue<Integer> queue = DroppingQueue.start(
                "test",
                10,
                item -> {
                    if (item == 1) {
                        throw new IllegalStateException("cannot take it");
                    }
                    consumed.add(item);
                },
                dropped::add);

        IntStream.range(0, 4).forEach(queue::offer);
        queue.close();

        assertThat(consumed).containsExactly(0, 2, 3);
        assertThat(dropped).containsExactly(1L);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).as("disk works again").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
