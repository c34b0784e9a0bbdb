package dev.aiproxy.launcher;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands items from many threads to one consumer on a thread of its own. Offering never blocks: when the queue is full,
 * the item is dropped and counted. Items are consumed a moment later, with those that come meanwhile: to wake a thread up
 * for each costs more than to write it.
 */
final class DroppingQueue<T> implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(DroppingQueue.class);

    private static final long POLL_MILLIS = 200;
    private static final long LONGEST_FLUSH_MILLIS = 5_000;
    private static final long GATHER_MILLIS = 50;

    private final BlockingQueue<T> waiting;
    private final Consumer<T> consumer;
    private final LongConsumer onDropped;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    private DroppingQueue(String name, int capacity, Consumer<T> consumer, LongConsumer onDropped) {
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.consumer = consumer;
        this.onDropped = onDropped;
        this.thread = new Thread(this::consume, name);
    }

    /**
     * Starts the consumer's thread.
     *
     * @param consumer what it fails on counts as dropped
     * @param onDropped told, on the consumer's thread, how many items were dropped since it was told last
     */
    static <T> DroppingQueue<T> start(String name, int capacity, Consumer<T> consumer, LongConsumer onDropped) {
        DroppingQueue<T> queue = new DroppingQueue<>(name, capacity, consumer, onDropped);
        queue.thread.setDaemon(true);
        queue.thread.start();
        return queue;
    }

    void offer(T item) {
        if (!waiting.offer(item)) {
            dropped.incrementAndGet();
        }
    }

    private void consume() {
        try {
            while (!closed || !waiting.isEmpty()) {
                T first = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    gather();
                    consume(first);
                }
                for (T item = waiting.poll(); item != null; item = waiting.poll()) {
                    consume(item);
                }
                tellDropped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void consume(T item) {
        try {
            consumer.accept(item);
        } catch (RuntimeException e) {
            // One that is lost must not be the end of all that come.
            logger.debug("{} cannot take {}", thread.getName(), item, e);
            dropped.incrementAndGet();
        }
    }

    private void gather() throws InterruptedException {
        if (!closed) {
            Thread.sleep(GATHER_MILLIS);
        }
    }

    private void tellDropped() {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            onDropped.accept(count);
        }
    }

    /** Waits until everything offered before has been consumed, but no longer than a stuck disk may hold up a stop. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(LONGEST_FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
