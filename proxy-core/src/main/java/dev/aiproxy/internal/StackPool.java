package dev.aiproxy.internal;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Pool;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose idle entries are a stack: what was released last is acquired first, since it is the least likely to have
 * been closed by its peer meanwhile.
 *
 * <p>Jetty's own pool scans the entries in use for an idle one, and copies them all when one comes or goes: with
 * thousands of streams open, each request pays for all of them. Here no operation depends on how many are in use.
 *
 * <p>For any threads; each entry's state decides who gets it.
 */
final class StackPool<P> implements Pool<P> {

    private enum State {
        RESERVED,
        IDLE,
        IN_USE,
        REMOVED
    }

    private final int maxSize;
    private final AtomicInteger size = new AtomicInteger();
    private final Set<StackEntry> entries = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<StackEntry> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean isTerminated;

    /**
     * Makes an empty pool.
     *
     * @param maxSize number of entries at most, reserved ones included
     */
    StackPool(int maxSize) {
        this.maxSize = maxSize;
    }

    @Override
    public @Nullable Entry<P> reserve() {
        if (isTerminated) {
            return null;
        }
        if (size.incrementAndGet() > maxSize) {
            size.decrementAndGet();
            return null;
        }
        StackEntry entry = new StackEntry();
        entries.add(entry);
        return entry;
    }

    @Override
    public @Nullable Entry<P> acquire() {
        while (!isTerminated) {
            StackEntry entry = idle.pollFirst();
            if (entry == null) {
                return null;
            }
            // It may have been removed while it was on the stack.
            if (entry.state.compareAndSet(State.IDLE, State.IN_USE)) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public boolean isTerminated() {
        return isTerminated;
    }

    @Override
    public Collection<Entry<P>> terminate() {
        isTerminated = true;
        return List.copyOf(entries);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int getMaxSize() {
        return maxSize;
    }

    @Override
    public Stream<Entry<P>> stream() {
        return entries.stream().map(entry -> entry);
    }

    private final class StackEntry implements Entry<P> {

        private final AtomicReference<State> state = new AtomicReference<>(State.RESERVED);
        private volatile @Nullable P pooled;

        @Override
        public boolean enable(P value, boolean acquire) {
            pooled = Objects.requireNonNull(value);
            if (isTerminated || !state.compareAndSet(State.RESERVED, acquire ? State.IN_USE : State.IDLE)) {
                return false;
            }
            if (!acquire) {
                idle.addFirst(this);
            }
            return true;
        }

        @Override
        public @Nullable P getPooled() {
            return pooled;
        }

        @Override
        public boolean release() {
            if (isTerminated || !state.compareAndSet(State.IN_USE, State.IDLE)) {
                return false;
            }
            idle.addFirst(this);
            return true;
        }

        @Override
        public boolean remove() {
            State before = state.getAndSet(State.REMOVED);
            if (before == State.REMOVED) {
                return false;
            }
            entries.remove(this);
            size.decrementAndGet();
            if (before == State.IDLE) {
                // From its bottom, where the ones are that have been idle for so long that they are closed.
                idle.removeLastOccurrence(this);
            }
            return true;
        }

        @Override
        public boolean isReserved() {
            return state.get() == State.RESERVED;
        }

        @Override
        public boolean isIdle() {
            return state.get() == State.IDLE;
        }

        @Override
        public boolean isInUse() {
            return state.get() == State.IN_USE;
        }

        @Override
        public boolean isTerminated() {
            return state.get() == State.REMOVED;
        }
    }
}
