package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures when nothing else keeps the machine busy, and again if something did meanwhile, as long as patience lasts. */
final class QuietMoment {
    private static final Column OTHERS = Column.plain("others' load %", 0);
    private static final double QUIET = 0.15;
    private static final int MOST_ATTEMPTS = 3;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private long patienceNanos;

    /** Takes how long it may wait and measure in vain, all in all. */
    QuietMoment(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** The figures of the first attempt nobody disturbed, or else those of the least disturbed one. */
    Map<Column, Double> measure(Measurement measurement) throws IOException {
        double least = Double.MAX_VALUE;
        Map<Column, Double> best = Map.of();
        for (int attempt = 0; attempt < MOST_ATTEMPTS && least > QUIET; attempt++) {
            long begun = System.nanoTime();
            if (attempt > 0 && patienceNanos <= 0) {
                break;
            }
            await();
            Noise noise = Noise.begin();
            Map<Column, Double> figures = measurement.run();
            double others = noise.share();
            if (figures.isEmpty()) {
                return figures;
            }
            if (others < least) {
                least = others;
                best = figures;
                best.put(OTHERS, 100 * others);
            }
            patienceNanos -= attempt > 0 ? System.nanoTime() - begun : 0;
        }
        return best;
    }

    private void await() throws IOException {
        long begun = System.nanoTime();
        double others = 1;
        while (others > QUIET && patienceNanos > 0 && System.nanoTime() - begun < LONGEST_WAIT_NANOS) {
            Noise noise = Noise.begin();
            LockSupport.parkNanos(LOOK_NANOS);
            others = noise.share();
            patienceNanos -= LOOK_NANOS;
        }
    }

    /** What is to be measured; the map is to be written to. */
    interface Measurement {
        Map<Column, Double> run() throws IOException;
    }
}
