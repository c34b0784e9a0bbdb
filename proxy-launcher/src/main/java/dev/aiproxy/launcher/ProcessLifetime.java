package dev.aiproxy.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves until the process is told to end by SIGTERM, Ctrl-C, or a hang-up that asks for nothing else; told once more, it
 * hurries.
 *
 * <p>A JVM that was told to end exits with 128 plus the signal's number, whatever it has achieved in its shutdown
 * hooks. An orderly stop is a success here, though, so the hook ends the process itself when all is done.
 */
final class ProcessLifetime implements Lifetime {

    private final AtomicBoolean isTold = new AtomicBoolean();

    @Override
    public void serveUntilOver(Stop stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndHalt(stop), "shutdown"));
        StopSignals.on("TERM", () -> onSignal(stop));
        StopSignals.on("INT", () -> onSignal(stop));
        boolean isHangUpTaken = StopSignals.on("HUP", () -> onHangUp(stop));
        if (isHangUpTaken) {
            stop.reload().ifPresent(Reload::announce);
        }
        stop.ready();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void end() {
        System.exit(ExitCode.FAILED);
    }

    private void onHangUp(Stop stop) {
        stop.reload().ifPresentOrElse(Reload::request, () -> onSignal(stop));
    }

    private void onSignal(Stop stop) {
        if (isTold.getAndSet(true)) {
            stop.hurry();
            return;
        }
        // Runs the hook, and so does not return; the next signal finds another thread.
        new Thread(() -> System.exit(ExitCode.OK), "exit").start();
    }

    private static void stopAndHalt(Stop stop) {
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
