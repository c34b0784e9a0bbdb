package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressLookupsTest {
    private static final int PATIENCE_SECONDS = 5;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    private final StalledNames names = new StalledNames();
    private @Nullable AddressLookups lookups;

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
    }

    @AfterEach
    void stop() throws Exception {
        names.answers.countDown();
        if (lookups != null) {
            lookups.stop();
        }
        scheduler.stop();
    }

    private AddressLookups lookups(Duration timeout) throws Exception {
        AddressLookups started = new AddressLookups(names, Runnable::run, scheduler, () -> timeout);
        started.start();
        lookups = started;
        return started;
    }

    private static CompletableFuture<List<InetSocketAddress>> resolve(AddressLookups lookups, String host) {
        Promise.Completable<List<InetSocketAddress>> promise = new Promise.Completable<>();
        lookups.resolve(host, 443, Map.of(), promise);
        return promise;
    }

    private static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("no failure but " + future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException failure) {
            return failure.getCause();
        }
    }

    private void awaitLookups(int count) throws InterruptedException {
        assertThat(names.begun.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s look-ups have begun", count)
                .isTrue();
    }

    @Test
    void asksOnceForAllThatWaitForTheSameName() throws Exception {
        AddressLookups started = lookups(LONG);
        List<CompletableFuture<List<InetSocketAddress>>> all =
                List.of(resolve(started, "a.example"), resolve(started, "a.example"), resolve(started, "a.example"));
        awaitLookups(1);

        names.answers.countDown();

        for (CompletableFuture<List<InetSocketAddress>> one : all) {
            assertThat(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .containsExactly(new InetSocketAddress("127.0.0.1", 443));
        }
        assertThat(names.begun.availablePermits()).isZero();
    }

    @Test
    void asksAgainForTheNext() throws Exception {
        names.answers.countDown();
        AddressLookups started = lookups(LONG);
        resolve(started, "a.example").get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        resolve(started, "a.example").get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        awaitLookups(2);
    }

    @Test
    void tellsAllThatANameIsUnknown() throws Exception {
        AddressLookups started = lookups(LONG);
        CompletableFuture<?> first = resolve(started, "unknown.example");
        CompletableFuture<?> second = resolve(started, "unknown.example");

        names.answers.countDown();

        assertThat(failureOf(first)).isInstanceOf(UnknownHostException.class);
        assertThat(failureOf(second)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void takesNoMoreThreadsThanItsOwnHoweverManyNamesHang() throws Exception {
        AddressLookups started = lookups(LONG);

        for (int number = 0; number < 200; number++) {
            resolve(started, "name-" + number + ".example");
        }

        awaitLookups(AddressLookups.MOST_THREADS);
        assertThat(names.begun.tryAcquire(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .as("one more look-up")
                .isFalse();
    }

    @Test
    void givesUpInTimeWhetherALookUpHasBegunOrNot() throws Exception {
        AddressLookups started = lookups(SHORT);
        CompletableFuture<?> first = resolve(started, "name.example");
        for (int number = 0; number < 50; number++) {
            resolve(started, "name-" + number + ".example");
        }

        CompletableFuture<?> last = resolve(started, "last.example");

        assertThat(failureOf(first)).isInstanceOf(TimeoutException.class);
        assertThat(failureOf(last)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void asksForNoNameThatAllHaveGivenUp() throws Exception {
        AddressLookups started = lookups(SHORT);
        for (int number = 0; number < AddressLookups.MOST_THREADS; number++) {
            resolve(started, "name-" + number + ".example");
        }
        awaitLookups(AddressLookups.MOST_THREADS);
        failureOf(resolve(started, "given-up.example"));

        names.answers.countDown();
        resolve(started, "later.example").get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        awaitLookups(1);
        assertThat(names.begun.availablePermits()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "0.0.0.0", "::1", "[::1]"})
    void answersForAddressesWhileNamesHang(String address) throws Exception {
        AddressLookups started = lookups(LONG);
        for (int number = 0; number < AddressLookups.MOST_THREADS; number++) {
            resolve(started, "name-" + number + ".example");
        }

        assertThat(resolve(started, address).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .containsExactly(new InetSocketAddress(InetAddress.getByName(address), 443));
    }

    @ParameterizedTest
    @ValueSource(strings = {"256.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.4.example", "dead.beef"})
    void takesWhatOnlyLooksLikeAnAddressForAName(String name) throws Exception {
        AddressLookups started = lookups(LONG);

        CompletableFuture<?> answer = resolve(started, name);

        awaitLookups(1);
        assertThat(answer).isNotDone();
    }

    /** Has every address at once, and names only when it is told to. */
    private static final class StalledNames implements AddressLookups.Lookup {
        private final Semaphore begun = new Semaphore(0);
        private final CountDownLatch answers = new CountDownLatch(1);

        @Override
        public InetAddress[] addressesOf(String host) throws UnknownHostException {
            if (Thread.currentThread().getName().equals("ai-proxy-lookup")) {
                begun.release();
                awaitAnswer();
                if (host.startsWith("unknown")) {
                    throw new UnknownHostException(host);
                }
                return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
            }
            return InetAddress.getAllByName(host);
        }

        private void awaitAnswer() {
            try {
                answers.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
