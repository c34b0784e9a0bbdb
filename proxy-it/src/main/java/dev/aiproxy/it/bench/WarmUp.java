package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Work that is not measured: a JVM compiles what it does often, and that costs, too; others only fill their pools. */
final class WarmUp {
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** What a JVM's compilers may still take of its time when it counts as warm. */
    private static final double WARM_SHARE = 0.03;
    /** One such step alone may lie between two compilations: the second compiler comes only after thousands of calls. */
    private static final int WARM_STEPS = 3;

    private WarmUp() {}

    /** Works until the JVM has hardly compiled for some seconds, or for as long as the options allow; others, for one step. */
    static void run(RunningPeer peer, Options options, Work work) throws IOException {
        long deadline = System.nanoTime() + options.warmUpNanos();
        int warmSteps = 0;
        do {
            CpuClock clock = peer.cpuClock();
            work.runFor(STEP_NANOS);
            warmSteps = clock.stop().compilerShare() < WARM_SHARE ? warmSteps + 1 : 0;
        } while (peer.isJava() && warmSteps < WARM_STEPS && System.nanoTime() - deadline < 0);
    }

    /** Does something for so long. */
    interface Work {
        void runFor(long nanos) throws IOException;
    }
}
