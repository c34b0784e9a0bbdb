package dev.aiproxy.it.bench;

import java.io.IOException;

/**
 * What the stub does for one request after the other: a stream's first event is sent at once, its second after a part of
 * the interval.
 */
final class StubExchange extends EventLoop.Timer {
    private final Stub stub;
    private final StubAnswer answer;
    private String target = "";
    private long intervalNanos;
    private long eventsLeft;

    StubExchange(Stub stub, StubAnswer answer) {
        this.stub = stub;
        this.answer = answer;
    }

    void ask(String itsTarget) {
        target = itsTarget;
    }

    /** Once the request is complete. */
    void answer() throws IOException {
        if (target.startsWith("/stream")) {
            answer.beginStream();
            begin(number("every"), number("events"));
        } else if (target.startsWith("/download")) {
            answer.download(number("bytes"));
        } else {
            answer.json();
        }
    }

    private long number(String parameter) {
        int from = target.indexOf(parameter + "=") + parameter.length() + 1;
        int until = target.indexOf('&', from);
        return Long.parseLong(until < 0 ? target.substring(from) : target.substring(from, until));
    }

    private void begin(long intervalMicros, long events) throws IOException {
        intervalNanos = intervalMicros * 1000;
        eventsLeft = events;
        long now = System.nanoTime();
        sendNext();
        if (eventsLeft > 0) {
            stub.loop().schedule(this, now + (long) (intervalNanos * (1 + stub.nextPhase())));
        }
    }

    @Override
    void expired(long nowNanos) {
        try {
            sendNext();
        } catch (IOException failure) {
            answer.failed(failure);
        }
        if (eventsLeft > 0) {
            stub.loop().schedule(this, nextDue(dueNanos(), intervalNanos, nowNanos));
        }
    }

    /**
     * An interval later, or as many as it takes to be ahead: a stub that was late must not send bursts. Nor may streams that
     * were late together go on together, so each keeps its place within the interval.
     */
    static long nextDue(long dueNanos, long intervalNanos, long nowNanos) {
        long next = dueNanos + intervalNanos;
        long late = nowNanos - next;
        return late < 0 ? next : next + (late / intervalNanos + 1) * intervalNanos;
    }

    private void sendNext() throws IOException {
        if (!answer.event()) {
            return;
        }
        eventsLeft--;
        if (eventsLeft == 0) {
            answer.endStream();
        }
    }

    /** Tells of a stream that was not finished. */
    void gone() {
        if (eventsLeft > 0) {
            System.out.println("gone " + number("tag") + " " + System.nanoTime());
            eventsLeft = 0;
            stub.loop().cancel(this);
        }
    }
}
