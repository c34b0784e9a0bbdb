package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests at a steady pace, whether or not those before are answered, over as many kept-alive connections as that takes. A
 * response counts by its body; anything but a whole 200 is a failure. On a machine that is too busy, where a hundred wait at
 * once, those that would be due are skipped and counted.
 */
final class SteadyRequests implements AutoCloseable {
    private static final long PERIOD_MICROS = 5_000;
    /** For a machine on which much else goes on. */
    static final Duration LONG = Duration.ofSeconds(30);

    private static final int MOST_AT_ONCE = 100;

    private final InetSocketAddress address;
    private final String request;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService calls = Executors.newCachedThreadPool();
    private final Queue<RawClient> idle = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();

    private SteadyRequests(InetSocketAddress address, String request) {
        this.address = address;
        this.request = request;
    }

    /** Starts to send 200 requests a second. */
    static SteadyRequests start(InetSocketAddress address, String request) {
        SteadyRequests steady = new SteadyRequests(address, request);
        steady.pace.scheduleAtFixedRate(steady::next, 0, PERIOD_MICROS, TimeUnit.MICROSECONDS);
        return steady;
    }

    private void next() {
        if (waiting.get() < MOST_AT_ONCE) {
            waiting.incrementAndGet();
            calls.execute(this::call);
        } else {
            skipped.incrementAndGet();
        }
    }

    private void call() {
        RawClient client = idle.poll();
        try {
            client = client == null ? RawClient.connect(address).patience(LONG) : client;
            RawResponse response = client.send(request).readResponse();
            boolean isWhole = response.status() == 200 && response.integrity() == RawResponse.Integrity.WHOLE;
            if (isWhole) {
                answers.computeIfAbsent(response.text(), body -> new AtomicInteger())
                        .incrementAndGet();
            } else {
                failures.add(response.toString());
            }
            idle.add(client);
        } catch (IOException | AssertionError failure) {
            failures.add(failure.toString());
        }
        answered.incrementAndGet();
        waiting.decrementAndGet();
    }

    /** Waits for so many more answers. */
    void awaitMore(int count) {
        int before = answered.get();
        Eventually.await(count + " more answers", LONG, () -> answered.get() >= before + count);
    }

    /** Sends no more, and waits for the last answers. */
    void stop() throws InterruptedException {
        pace.shutdown();
        assertThat(pace.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        calls.shutdown();
        assertThat(calls.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    int answered() {
        return answered.get();
    }

    int skipped() {
        return skipped.get();
    }

    /** How many answers had this body. */
    int answeredBy(String body) {
        return answers.getOrDefault(body, new AtomicInteger()).get();
    }

    Queue<String> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        pace.shutdownNow();
        calls.shutdownNow();
        for (RawClient client : idle) {
            client.close();
        }
    }
}
