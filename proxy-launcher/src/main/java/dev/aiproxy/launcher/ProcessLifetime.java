package dev.aiproxy.launcher;

import java.util.concurrent.CountDownLatch;

/**
 * Serves until the process is told to end by SIGTERM, Ctrl-C or a hang-up.
 *
 * <p>A JVM that was told to end exits with 128 plus the signal's number, whatever it has achieved in its shutdown
 * hooks. An orderly stop is a success here, though, so the hook ends the process itself when all is done. A second
 * signal has no effect: the JVM takes none while its hooks run, and the drain time bounds the wait anyway.
 */
final class ProcessLifetime implements Lifetime {

    @Override
    public void serveUntilOver(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndHalt(stop), "shutdown"));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopAndHalt(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            System.err.println("stopping failed: " + e);
            System.err.flush();
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.OK);
    }
}
