package dev.aiproxy.internal;

import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Pool;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose idle entries are stacks, one for each place: what was released last is acquired first, since it is the least
 * likely to have been closed by its peer meanwhile; from the place at hand, as long as that has any.
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
    private final Function<P, Object> placeOf;
    private final Supplier<@Nullable Object> placeAtHand;
    private final Map<Object, Deque<StackEntry>> idle = new ConcurrentHashMap<>();
    private volatile boolean isTerminated;

    /**
     * Makes an empty pool.
     *
     * @param maxSize number of entries at most, reserved ones included
     * @param placeOf where an entry is, for good; of few places
     * @param placeAtHand where to acquire from, rather than from elsewhere; nothing if that does not matter
     */
    StackPool(int maxSize, Function<P, Object> placeOf, Supplier<@Nullable Object> placeAtHand) {
        this.maxSize = maxSize;
        this.placeOf = placeOf;
        this.placeAtHand = placeAtHand;
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
        Object preferred = placeAtHand.get();
        Deque<StackEntry> nearest = preferred == null ? null : idle.get(preferred);
        StackEntry entry = nearest == null ? null : acquireFrom(nearest);
        if (entry != null) {
            return entry;
        }
        for (Deque<StackEntry> stack : idle.values()) {
            entry = acquireFrom(stack);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private @Nullable StackEntry acquireFrom(Deque<StackEntry> stack) {
        while (!isTerminated) {
            StackEntry entry = stack.pollFirst();
            // It may have been removed while it was on the stack.
            if (entry == null || entry.state.compareAndSet(State.IDLE, State.IN_USE)) {
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
        private volatile @Nullable Deque<StackEntry> stack;

        @Override
        public boolean enable(P value, boolean acquire) {
            pooled = Objects.requireNonNull(value);
            stack = idle.computeIfAbsent(placeOf.apply(value), place -> new ConcurrentLinkedDeque<>());
            if (isTerminated || !state.compareAndSet(State.RESERVED, acquire ? State.IN_USE : State.IDLE)) {
                return false;
            }
            if (!acquire) {
                putOnStack();
            }
            return true;
        }

        private void putOnStack() {
            Deque<StackEntry> mine = Objects.requireNonNull(stack);
            mine.addFirst(this);
            if (state.get() == State.REMOVED) {
                // Whoever removed it did not find it there yet.
                mine.removeFirstOccurrence(this);
            }
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
            putOnStack();
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
                Objects.requireNonNull(stack).removeLastOccurrence(this);
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
