package dev.aiproxy.it.bench;

/** What the events of all streams of one window add up to. */
final class StreamFigures {
    /** Longer than most of what stops a machine for once, and with hundreds of events in `stream`. */
    private static final long MOMENT_NANOS = 100_000_000;

    private final Samples delays = new Samples();
    private final Samples gapErrors = new Samples();
    private final Samples moment = new Samples();
    private final Samples p99OfMoments = new Samples();
    private long momentEndNanos;
    private boolean recording;
    private long clumped;

    void startRecording() {
        recording = true;
    }

    /** One event: when it came and was sent, and how long after its stream's previous one it came and was sent. */
    void event(long nowNanos, long sentNanos, long arrivalGapNanos, long sentGapNanos) {
        if (!recording) {
            return;
        }
        delays.add(nowNanos - sentNanos);
        addToMoment(nowNanos, nowNanos - sentNanos);
        gapErrors.add(Math.abs(arrivalGapNanos - sentGapNanos));
        if (arrivalGapNanos < sentGapNanos / 4) {
            clumped++;
        }
    }

    private void addToMoment(long nowNanos, long delayNanos) {
        if (moment.count() > 0 && nowNanos - momentEndNanos >= 0) {
            p99OfMoments.add((long) moment.quantile(0.99));
            moment.clear();
        }
        if (moment.count() == 0) {
            momentEndNanos = nowNanos + MOMENT_NANOS;
        }
        moment.add(delayNanos);
    }

    long events() {
        return delays.count();
    }

    Samples delays() {
        return delays;
    }

    /** The p99 of each full tenth of a second. */
    Samples p99OfMoments() {
        return p99OfMoments;
    }

    Samples gapErrors() {
        return gapErrors;
    }

    /** The share of events that came within a quarter of the gap they were sent with, in percent. */
    double clumpedPercent() {
        return delays.count() == 0 ? Double.NaN : 100.0 * clumped / delays.count();
    }
}
