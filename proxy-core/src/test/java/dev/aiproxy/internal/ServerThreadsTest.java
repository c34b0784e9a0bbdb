package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServerThreadsTest {

    private static final int BURST = 60;
    private static final int IDLE_MILLIS = 1_000;
    /** One thread for each idle time would take three times as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerThreads threads = new ServerThreads();

    @AfterEach
    void stop() throws Exception {
        threads.stop();
    }

    @Test
    void endsTheThreadsOfABurstTogether() throws Exception {
        threads.setIdleTimeout(IDLE_MILLIS);
        threads.start();
        CountDownLatch busy = new CountDownLatch(BURST);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < BURST; i++) {
            threads.execute(() -> {
                busy.countDown();
                await(over);
            });
        }
        await(busy);

        over.countDown();

        Eventually.await("the threads to end", PATIENCE, () -> threads.getThreads() == threads.getMinThreads());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
