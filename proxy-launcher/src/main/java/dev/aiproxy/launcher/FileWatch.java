package dev.aiproxy.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks every few seconds whether files have changed. A thread of its own looks; files that are still being written are left
 * until they have come to rest.
 *
 * @param <S> what is looked at, such as a {@link FileStamp} of each file
 */
final class FileWatch<S> implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final String name;
    private final Supplier<S> now;
    private final Runnable onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Guards the two below; never held while others are called. */
    private final Object lock = new Object();

    /** What has been dealt with, well or badly. */
    private S known;

    private S lastSeen;

    /**
     * Does not look yet.
     *
     * @param name of its thread
     * @param known what needs not be told any more
     * @param onChange called on its thread
     */
    FileWatch(String name, S known, Supplier<S> now, Runnable onChange) {
        this.name = name;
        this.known = known;
        this.lastSeen = known;
        this.now = now;
        this.onChange = onChange;
    }

    void start() {
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells if there is something new, and it was there at the last look already. */
    void look() {
        S seen = now.get();
        synchronized (lock) {
            boolean isAtRest = seen.equals(lastSeen);
            lastSeen = seen;
            if (seen.equals(known) || !isAtRest) {
                return;
            }
            known = seen;
        }
        onChange.run();
    }

    /** Somebody else has dealt with this. */
    void settle(S dealtWith) {
        synchronized (lock) {
            known = dealtWith;
            lastSeen = dealtWith;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
