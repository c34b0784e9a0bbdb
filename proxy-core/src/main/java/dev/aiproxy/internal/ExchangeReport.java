package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.Outcome;
import dev.aiproxy.internal.insight.AnswerReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an exchange: sizes, times, what the answer was like. Listeners are told in order, and of nothing after
 * the end.
 *
 * <p>The methods may be called from any thread; the lock guards all but the numbers that are volatile.
 */
final class ExchangeReport {

    private static final int LONGEST_REQUEST_ID = 128;

    private final Exchange facts;
    private final long beganAt;
    private final ExchangeListener listener;
    private final boolean readsAnswers;
    private final AtomicLong requestBytes = new AtomicLong();
    private final Object lock = new Object();

    private boolean isOver;
    private int status;
    private long responseBytes;
    private long responseAt;
    private long firstByteAt;
    private long lastByteAt;
    private long firstWrittenAt;
    private @Nullable String requestId;
    private volatile long forwardedAt;
    private long connectedAt;
    private volatile @Nullable AnswerWatch answer;

    /**
     * A report of nothing yet.
     *
     * @param beganAt in terms of the nano clock
     * @param readsAnswers whether answers are looked into
     */
    ExchangeReport(Exchange facts, long beganAt, ExchangeListener listener, boolean readsAnswers) {
        this.facts = facts;
        this.beganAt = beganAt;
        this.listener = listener;
        this.readsAnswers = readsAnswers;
    }

    void begin() {
        listener.onRequest(facts);
    }

    /** A connection to the upstream is sought. */
    void onForward() {
        if (forwardedAt == 0) {
            forwardedAt = System.nanoTime();
        }
    }

    /** The head has been written to a connection; told again if another had to be taken. */
    void onConnected() {
        synchronized (lock) {
            // The thread that tells it may come late.
            if (responseAt == 0) {
                connectedAt = System.nanoTime();
            }
        }
    }

    void onRequestBytes(long count) {
        requestBytes.addAndGet(count);
    }

    /** The head of the upstream's response is about to be written. */
    void onResponseHead(ResponseHead head) {
        if (readsAnswers && !head.isBodiless(facts.method())) {
            answer = AnswerWatch.of(head);
        }
        onResponseHead(head.status(), requestIdIn(head.fields()), true);
    }

    /** A head of the proxy's own is about to be written, or that of a tunnel. */
    void onResponseHead(int sentStatus) {
        onResponseHead(sentStatus, null, false);
    }

    private void onResponseHead(int sentStatus, @Nullable String itsRequestId, boolean isUpstreams) {
        synchronized (lock) {
            if (!isOver) {
                status = sentStatus;
                requestId = itsRequestId;
                responseAt = System.nanoTime();
                if (connectedAt == 0 && isUpstreams) {
                    connectedAt = responseAt;
                }
                listener.onResponse(facts, sentStatus);
            }
        }
    }

    private static @Nullable String requestIdIn(HttpFields fields) {
        String id = fields.get("x-request-id");
        String found = id == null ? fields.get("request-id") : id;
        if (found == null || found.isEmpty()) {
            return null;
        }
        return found.length() > LONGEST_REQUEST_ID ? found.substring(0, LONGEST_REQUEST_ID) : found;
    }

    /** Data of a response is about to be written. */
    void onArrived(List<Content.Chunk> data) {
        if (data.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long bytes = 0;
        for (Content.Chunk chunk : data) {
            bytes += chunk.remaining();
        }
        AnswerWatch watch = answer;
        if (watch != null) {
            watch.arrived(data, now);
        }
        onResponseBytes(bytes, now);
    }

    /** The data that has arrived last is written. Called in turn with {@link #onArrived}. */
    void onWritten(List<Content.Chunk> data) {
        if (firstWrittenAt == 0 && !data.isEmpty()) {
            synchronized (lock) {
                firstWrittenAt = System.nanoTime();
            }
        }
        AnswerWatch watch = answer;
        if (watch != null && watch.written(data)) {
            synchronized (lock) {
                if (!isOver) {
                    listener.onFirstToken(facts);
                }
            }
        }
    }

    void onResponseBytes(long count, long now) {
        synchronized (lock) {
            if (count > 0 && !isOver) {
                lastByteAt = now;
                if (responseBytes == 0) {
                    firstByteAt = now;
                    listener.onFirstByte(facts);
                }
                responseBytes += count;
            }
        }
    }

    /**
     * Tells of the end; nothing is told afterwards.
     *
     * @param failure what went wrong, if anything did
     */
    void end(Outcome outcome, @Nullable Failure failure) {
        synchronized (lock) {
            isOver = true;
            AnswerWatch watch = answer;
            Optional<AnswerReader.Judged> judged = watch == null ? Optional.empty() : watch.judged(beganAt, outcome);
            listener.onEnd(new ExchangeEnd(
                    facts,
                    outcome,
                    status(),
                    Optional.ofNullable(failure).map(Failure::code),
                    requestBytes.get(),
                    responseBytes,
                    sinceBegin(responseAt),
                    sinceBegin(firstByteAt),
                    Duration.ofNanos(System.nanoTime() - beganAt),
                    sinceBegin(forwardedAt),
                    connectTime(),
                    sinceBegin(lastByteAt),
                    relayTime(),
                    Optional.ofNullable(requestId),
                    judged.map(AnswerReader.Judged::answer),
                    judged.map(AnswerReader.Judged::verdict)));
        }
    }

    ExchangeProgress progress() {
        synchronized (lock) {
            AnswerWatch watch = answer;
            return new ExchangeProgress(
                    facts,
                    Duration.ofNanos(System.nanoTime() - beganAt),
                    status(),
                    requestBytes.get(),
                    responseBytes,
                    sinceBegin(forwardedAt),
                    connectTime(),
                    sinceBegin(firstByteAt),
                    sinceBegin(lastByteAt),
                    watch == null ? Optional.empty() : watch.answer(beganAt));
        }
    }

    private Optional<Integer> status() {
        return status == 0 ? Optional.empty() : Optional.of(status);
    }

    private Optional<Duration> connectTime() {
        return connectedAt == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(connectedAt - forwardedAt));
    }

    private Optional<Duration> relayTime() {
        boolean isKnown = firstByteAt != 0 && firstWrittenAt != 0;
        return isKnown ? Optional.of(Duration.ofNanos(firstWrittenAt - firstByteAt)) : Optional.empty();
    }

    private Optional<Duration> sinceBegin(long at) {
        return at == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(at - beganAt));
    }
}
