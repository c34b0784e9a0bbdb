package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Work that is not measured: a JVM compiles what it does often, and that costs, too; others only fill their pools. */
final class WarmUp {
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** What a JVM's compilers may still take of its time when it counts as warm. */
    private static final double WARM_SHARE = 0.03;

    private WarmUp() {}

    /** Works until the JVM hardly compiles any more, or for as long as the options allow; others, for one step. */
    static void run(RunningPeer peer, Options options, Work work) throws IOException {
        long deadline = System.nanoTime() + options.warmUpNanos();
        boolean warm;
        do {
            CpuClock clock = peer.cpuClock();
            work.runFor(STEP_NANOS);
            warm = !peer.isJava() || clock.stop().compilerShare() < WARM_SHARE;
        } while (!warm && System.nanoTime() - deadline < 0);
    }

    /** Does something for so long. */
    interface Work {
        void runFor(long nanos) throws IOException;
    }
}
