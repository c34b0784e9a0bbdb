package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;

/** Finds the events in one stream's body, however it was cut, and keeps what is needed to judge their timing. */
final class EventScanner {
    private int at;
    private long sentNanos;
    private long previousSentNanos;
    private long previousArrivalNanos;
    private long count;

    /** Counts the piece's events; those of a window are recorded, too. */
    void scan(ByteBuffer piece, long nowNanos, StreamFigures figures) {
        while (piece.hasRemaining()) {
            if (at >= Event.STAMP_AT && at < Event.STAMP_AT + Event.STAMP_DIGITS) {
                sentNanos = sentNanos * 10 + piece.get() - '0';
                at++;
                continue;
            }
            int until = at < Event.STAMP_AT ? Event.STAMP_AT : Event.BYTES;
            int step = Math.min(until - at, piece.remaining());
            piece.position(piece.position() + step);
            at += step;
            if (at == Event.BYTES) {
                complete(nowNanos, figures);
            }
        }
    }

    long count() {
        return count;
    }

    private void complete(long nowNanos, StreamFigures figures) {
        if (count > 0) {
            figures.event(nowNanos, sentNanos, nowNanos - previousArrivalNanos, sentNanos - previousSentNanos);
        }
        previousArrivalNanos = nowNanos;
        previousSentNanos = sentNanos;
        sentNanos = 0;
        at = 0;
        count++;
    }
}
