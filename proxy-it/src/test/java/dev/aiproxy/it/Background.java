package dev.aiproxy.it;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Work beside the test's own thread, each on a daemon thread of its own, so that none waits for another. */
final class Background {

    private Background() {}

    /** Starts it at once; the future fails with what the work throws. */
    static CompletableFuture<Void> run(Work work) {
        return CompletableFuture.runAsync(() -> perform(work), Background::start);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
    }

    private static void perform(Work work) {
        try {
            work.run();
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }

    /** Anything that may throw. */
    interface Work {
        void run() throws Exception;
    }
}
