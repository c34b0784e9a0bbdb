package dev.aiproxy.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action at a fixed pace. One for all exchanges: a timer for each would cost more than most of them take, and time
 * limits here need no better resolution.
 */
final class Ticker extends AbstractLifeCycle {

    static final Duration PERIOD = Duration.ofMillis(50);

    private final Scheduler scheduler;
    private final Runnable action;
    private volatile Scheduler.@Nullable Task task;

    Ticker(Scheduler scheduler, Runnable action) {
        this.scheduler = scheduler;
        this.action = action;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        Scheduler.Task last = task;
        if (last != null) {
            last.cancel();
        }
    }

    private void schedule() {
        task = scheduler.schedule(this::tick, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            action.run();
        } finally {
            if (isStarting() || isRunning()) {
                schedule();
            }
        }
    }
}
