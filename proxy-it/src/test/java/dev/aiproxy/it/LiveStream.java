package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stream beside the abuse: events that carry the time at which they were sent, read by a client that notes how long
 * each took. Both ends are in this process, so that they go by the same clock.
 */
final class LiveStream implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(10);

    /** Far above what an idle machine needs: others share it, and so do the collections that measure the heap. */
    private static final Duration MOST = Duration.ofMillis(1500);

    private static final int FEWEST = 20;
    private static final int MANY = 4_000;

    private final String subject;
    private final RawClient client;
    private final List<Long> delays = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CompletableFuture<Void> reading;

    private LiveStream(String subject, RawClient client) {
        this.subject = subject;
        this.client = client;
        this.reading = Background.run(this::read);
    }

    /** The script of {@code /live}, for the upstream's answers: an event in every ten milliseconds. */
    static Script script() {
        List<Step> steps = new ArrayList<>();
        for (int number = 0; number < MANY; number++) {
            steps.add(new Step.Pause(PACE));
            steps.add(new Step.Stamp());
        }
        return Answers.eventHead().then(steps).then(Step.lastChunk());
    }

    /** Starts to read {@code /live}; the subject is for the report. */
    static LiveStream beside(String subject, ProxyExtension proxy) throws IOException {
        RawClient client = proxy.get("/live");
        client.readHead();
        LiveStream stream = new LiveStream(subject, client);
        Eventually.await("the live stream to run", () -> stream.delays.size() >= FEWEST);
        stream.delays.clear();
        return stream;
    }

    private void read() throws IOException {
        while (!isClosing.get()) {
            long sentAtNanos = Long.parseLong(client.readChunk());
            delays.add(System.nanoTime() - sentAtNanos);
        }
    }

    /** Checks that the stream was not held up, and prints how long its events took. */
    void assertUndisturbed() {
        Eventually.await("events beside the abuse", () -> delays.size() >= FEWEST || reading.isDone());
        List<Long> sorted;
        synchronized (delays) {
            sorted = delays.stream().sorted().toList();
        }
        assertThat(reading).as("the live stream, beside %s", subject).isNotDone();
        Duration p50 = Duration.ofNanos(sorted.get(sorted.size() / 2));
        Duration p99 = Duration.ofNanos(sorted.get((int) (sorted.size() * 0.99)));
        System.out.printf(
                "beside %s: %d events, delayed by p50 %.1f ms, p99 %.1f ms%n",
                subject, sorted.size(), p50.toNanos() / 1e6, p99.toNanos() / 1e6);
        assertThat(p99).as("p99 of the delay beside %s", subject).isLessThan(MOST);
    }

    @Override
    public void close() throws IOException {
        isClosing.set(true);
        client.fin();
    }
}
