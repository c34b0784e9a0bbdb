package dev.aiproxy.it.bench;

/** What the events of all streams of one window add up to. */
final class StreamFigures {
    private final Samples delays = new Samples();
    private final Samples gapErrors = new Samples();
    private boolean recording;
    private long clumped;

    void startRecording() {
        recording = true;
    }

    /** One event: how long it took, how long after its stream's previous one it came, and how long after that it was sent. */
    void event(long delayNanos, long arrivalGapNanos, long sentGapNanos) {
        if (!recording) {
            return;
        }
        delays.add(delayNanos);
        gapErrors.add(Math.abs(arrivalGapNanos - sentGapNanos));
        if (arrivalGapNanos < sentGapNanos / 4) {
            clumped++;
        }
    }

    long events() {
        return delays.count();
    }

    Samples delays() {
        return delays;
    }

    Samples gapErrors() {
        return gapErrors;
    }

    /** The share of events that came within a quarter of the gap they were sent with, in percent. */
    double clumpedPercent() {
        return delays.count() == 0 ? Double.NaN : 100.0 * clumped / delays.count();
    }
}
