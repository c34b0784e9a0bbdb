package dev.aiproxy.internal;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread at hand does for a selector. That decides who does something, and where a connection is looked for first;
 * nothing has to hold.
 */
final class SelectorWork {

    private static final Logger logger = LoggerFactory.getLogger(SelectorWork.class);
    private static final ThreadLocal<SelectorWork> AT_HAND = ThreadLocal.withInitial(SelectorWork::new);

    private final Deque<Runnable> next = new ArrayDeque<>(2);
    private @Nullable ManagedSelector selector;
    private boolean isRunningTask;

    private SelectorWork() {}

    /** The selector that the thread at hand works for; nothing if it is not known to work for one. */
    static @Nullable ManagedSelector selector() {
        return AT_HAND.get().selector;
    }

    /** Has whatever follows a promise be done for the selector that the thread at hand works for, by whichever thread. */
    static <T> Promise<T> keepingSelector(Promise<T> promise) {
        ManagedSelector selector = selector();
        return selector == null ? promise : new KeepingSelector<>(promise, selector);
    }

    /** Does what does not block behind the task at hand, or by another thread if there is none. */
    static void soon(Runnable job, Executor executor) {
        SelectorWork work = AT_HAND.get();
        if (work.isRunningTask) {
            work.next.add(job);
        } else {
            executor.execute(job);
        }
    }

    /**
     * Does something behind the task at hand, if that is for the same selector. The selector itself would do it only after it
     * has been woken up, by the very thread that it is to wake up.
     *
     * @return whether it will be done
     */
    static boolean next(ManagedSelector selector, Runnable job) {
        SelectorWork work = AT_HAND.get();
        boolean isSame = work.isRunningTask && work.selector == selector;
        if (isSame) {
            work.next.add(job);
        }
        return isSame;
    }

    private void run(Task task) {
        selector = task.selector();
        isRunningTask = true;
        try {
            task.task().run();
        } finally {
            for (Runnable job = next.poll(); job != null; job = next.poll()) {
                runSafely(job);
            }
            isRunningTask = false;
            selector = null;
        }
    }

    /** Whatever one of them throws, the others are not to be left behind. */
    private static void runSafely(Runnable job) {
        try {
            job.run();
        } catch (Throwable e) {
            logger.warn("a connection cannot go on", e);
        }
    }

    /** What is to be done for an event, and what comes of it for {@link #next}. */
    record Task(Runnable task, ManagedSelector selector) implements Invocable.Task, Closeable {

        @Override
        public void run() {
            AT_HAND.get().run(this);
        }

        @Override
        public InvocationType getInvocationType() {
            return Invocable.getInvocationType(task);
        }

        @Override
        public void close() {
            if (task instanceof Closeable closeable) {
                IO.close(closeable);
            }
        }
    }

    private static final class KeepingSelector<T> extends Promise.Wrapper<T> {
        private final ManagedSelector selector;

        KeepingSelector(Promise<T> promise, ManagedSelector selector) {
            super(promise);
            this.selector = selector;
        }

        @Override
        public void succeeded(T result) {
            SelectorWork work = AT_HAND.get();
            ManagedSelector before = work.selector;
            work.selector = selector;
            try {
                super.succeeded(result);
            } finally {
                work.selector = before;
            }
        }
    }
}
