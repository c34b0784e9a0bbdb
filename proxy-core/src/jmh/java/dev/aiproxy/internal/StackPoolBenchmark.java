package dev.aiproxy.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ConcurrentPool;
import org.eclipse.jetty.util.Pool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Connections in use when a request comes, in our pool and in the one that Jetty's client has unless told otherwise. */
public class StackPoolBenchmark extends PieceBenchmark {

    private static final int MAX_SIZE = 16 * 1024;
    /** A power of two, for a cheap way round. */
    private static final int TURNS = 16 * 1024;

    @Param({"ours", "jetty"})
    private String whose;

    @Param({"1", "64", "8000"})
    private int inUse;

    private final int[] turns = new int[TURNS];
    private int turn;
    private Pool<Object> pool;
    private List<Pool.Entry<Object>> used;

    @Setup
    public void fill() {
        pool = whose.equals("ours")
                ? new StackPool<>(MAX_SIZE, connection -> "the one selector", () -> "the one selector")
                : new ConcurrentPool<>(ConcurrentPool.StrategyType.FIRST, MAX_SIZE);
        used = new ArrayList<>(Stream.generate(this::newEntry).limit(inUse).toList());
        Random random = new Random(1);
        for (int number = 0; number < TURNS; number++) {
            turns[number] = random.nextInt(inUse);
        }
    }

    private Pool.Entry<Object> newEntry() {
        Pool.Entry<Object> entry = Objects.requireNonNull(pool.reserve());
        entry.enable(new Object(), true);
        return entry;
    }

    /** One of the streams ends, wherever that one is, and the next one begins. */
    @Benchmark
    public Object releaseAndAcquire() {
        int number = turns[turn++ & TURNS - 1];
        used.get(number).release();
        Pool.Entry<Object> entry = pool.acquire();
        used.set(number, entry);
        return entry;
    }

    /** One more connection is made, and closed. */
    @Benchmark
    public boolean addAndRemove() {
        return newEntry().remove();
    }
}
