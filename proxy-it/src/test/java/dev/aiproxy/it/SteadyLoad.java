package dev.aiproxy.it;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that nothing is to disturb: streams, each of which is followed by another one, and requests at a steady rate
 * whether or not those before have been answered, half of them on connections of their own and half on kept ones. As
 * clients do, they leave a connection whose response says {@code Connection: close}. Nothing is tried again.
 */
final class SteadyLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_KEPT = 40;
    private static final String REQUEST = "POST /request HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

    private final InetSocketAddress address;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<CompletableFuture<Void>> work = new ArrayList<>();
    private final Queue<RawClient> kept = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unaccepted = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger streamsNow = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean isOver;

    private SteadyLoad(InetSocketAddress address) {
        this.address = address;
    }

    static SteadyLoad start(InetSocketAddress address, int streams, int requestsPerSecond) {
        SteadyLoad load = new SteadyLoad(address);
        for (int number = 0; number < streams; number++) {
            // Not all at once, and so not all to be begun again at once.
            long delayNanos = number * SteadyUpstream.STREAM_TIME.toNanos() / streams;
            load.clock.schedule(
                    () -> load.work.add(Background.run(load::streamAfterStream)), delayNanos, TimeUnit.NANOSECONDS);
        }
        long period = TimeUnit.SECONDS.toNanos(1) / requestsPerSecond;
        load.clock.scheduleAtFixedRate(() -> Background.run(load::requestOnce), period, period, TimeUnit.NANOSECONDS);
        return load;
    }

    /** The head of an answer on a new connection; none if that was reset before anybody had accepted it. */
    private Optional<MessageHead> headOn(RawClient client, String request) throws IOException {
        try {
            return Optional.of(client.patience(PATIENCE).send(request).readHead());
        } catch (SocketException reset) {
            unaccepted.incrementAndGet();
            return Optional.empty();
        }
    }

    private void streamAfterStream() {
        streamsNow.incrementAndGet();
        while (!isOver) {
            try (RawClient client = RawClient.connectSmall(address)) {
                streams.incrementAndGet();
                Optional<MessageHead> head = headOn(client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
                if (head.isPresent()) {
                    checkStream(client.readRestOf(head.get()));
                }
            } catch (IOException | AssertionError failure) {
                failures.add("stream: " + failure);
            }
        }
        streamsNow.decrementAndGet();
    }

    private void checkStream(RawResponse response) {
        check(response, "stream");
        if (response.text().length() != SteadyUpstream.STREAM_LENGTH) {
            failures.add("stream: " + response.text().length() + " bytes");
        }
    }

    private void requestOnce() {
        boolean isKept = turn.incrementAndGet() % 2 == 0;
        RawClient waiting = isKept ? kept.poll() : null;
        String kind = waiting != null ? "request on a kept connection" : "request on a new connection";
        long startNanos = System.nanoTime();
        inFlight.incrementAndGet();
        requests.incrementAndGet();
        try {
            RawClient client = waiting == null ? RawClient.connectSmall(address) : waiting;
            Optional<MessageHead> head = waiting == null
                    ? headOn(client, REQUEST)
                    : Optional.of(client.send(REQUEST).readHead());
            boolean isLast = head.isEmpty() || head.get().values("Connection").contains("close");
            if (head.isPresent()) {
                check(client.readRestOf(head.get()), kind);
            }
            if (isKept && !isLast && kept.size() < MOST_KEPT) {
                kept.add(client);
            } else {
                client.close();
            }
        } catch (IOException | AssertionError failure) {
            failures.add(kind + ": " + failure);
        }
        inFlight.decrementAndGet();
        longestNanos.accumulateAndGet(System.nanoTime() - startNanos, Math::max);
    }

    private void check(RawResponse response, String kind) {
        if (response.status() != 200 || response.integrity() != Integrity.WHOLE) {
            failures.add(kind + ": " + response.status() + " " + response.integrity());
        }
    }

    /** How many streams there are at the moment. */
    int streamsNow() {
        return streamsNow.get();
    }

    /**
     * How many new connections were reset without a word so far: the kernel does so with those that wait at a socket when
     * that is closed. docs/service.md says when.
     */
    int unaccepted() {
        return unaccepted.get();
    }

    /** What has failed so far, in words; not those that nobody has accepted. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets all that has begun end, and begins nothing more. */
    void finish() throws Exception {
        isOver = true;
        clock.shutdown();
        for (CompletableFuture<Void> one : work) {
            one.get(30, TimeUnit.SECONDS);
        }
        Eventually.await("the last requests to end", PATIENCE, () -> inFlight.get() == 0);
        for (RawClient client : kept) {
            client.close();
        }
    }

    @Override
    public String toString() {
        return "%d requests, the longest %d ms; %d streams; failed: %d, never accepted: %d"
                .formatted(
                        requests.get(),
                        longestNanos.get() / 1_000_000,
                        streams.get(),
                        failures.size(),
                        unaccepted.get());
    }

    @Override
    public void close() {
        isOver = true;
        clock.shutdownNow();
    }
}
