package dev.aiproxy.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Moves a response from the upstream to the client: takes all that has arrived, writes it at once, and only when it is
 * written takes more, so that a client that does not read stops the upstream.
 */
final class ResponsePump extends IteratingCallback {

    /** What is taken in one go is bounded, so that one busy stream does not hold up its selector's others. */
    static final int MAX_CHUNKS = 16;

    private static final int MAX_BYTES = 64 * 1024;

    private final ProxyExchange exchange;
    private final Runnable available = Invocable.from(InvocationType.NON_BLOCKING, this::succeeded);
    private final List<Content.Chunk> chunks = new ArrayList<>(2);
    private Content.@Nullable Source source;
    private @Nullable ResponseHead head;
    private Supplier<@Nullable HttpFields> trailers = () -> null;
    private Consumer<Throwable> onBroken = cause -> {};
    private boolean hasData;
    private boolean awaitsFirstPause;
    private volatile boolean isLast;

    ResponsePump(ProxyExchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Moves a response; called once.
     *
     * @param responseHead its head
     * @param body its body, maybe none
     * @param lastFields tells the fields behind the body when that has been read
     * @param broken is told when the body has broken off and all before that has been moved
     */
    void begin(
            ResponseHead responseHead,
            Content.Source body,
            Supplier<@Nullable HttpFields> lastFields,
            Consumer<Throwable> broken) {
        head = responseHead;
        source = body;
        trailers = lastFields;
        onBroken = broken;
        iterate();
    }

    /** Whether all of the response has been read. */
    boolean isLast() {
        return isLast;
    }

    @Override
    protected Action process() {
        if (isLast) {
            return Action.SUCCEEDED;
        }
        Throwable failure = take();
        if (failure != null) {
            // What came before is still the client's.
            isLast = false;
        }
        if (chunks.isEmpty() && head == null && !isLast) {
            if (failure != null) {
                onBroken.accept(failure);
                return Action.IDLE;
            }
            tellOfFirstPause();
            source().demand(available);
            return Action.SCHEDULED;
        }
        ResponseHead unsent = head;
        head = null;
        if (unsent != null && !isLast) {
            awaitsFirstPause = unsent.isStream();
        }
        exchange.respond(unsent, chunks, isLast, isLast ? FieldRules.trailers(trailers.get()) : HttpFields.EMPTY, this);
        return Action.SCHEDULED;
    }

    /** Not before there was data: the head of a small answer, too, may come before its body. */
    private void tellOfFirstPause() {
        if (awaitsFirstPause && hasData) {
            awaitsFirstPause = false;
            exchange.onPause();
        }
    }

    /** Takes what is there without waiting; returns the upstream's failure, if that is what comes next. */
    private @Nullable Throwable take() {
        int bytes = 0;
        while (chunks.size() < MAX_CHUNKS && bytes < MAX_BYTES) {
            Content.Chunk chunk = source().read();
            if (chunk == null) {
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                return chunk.getFailure();
            }
            isLast = chunk.isLast();
            bytes += chunk.remaining();
            if (chunk.hasRemaining()) {
                chunks.add(chunk);
                hasData = true;
            } else {
                chunk.release();
            }
            if (isLast) {
                return null;
            }
        }
        return null;
    }

    private Content.Source source() {
        return Objects.requireNonNull(source);
    }

    @Override
    protected void onSuccess() {
        exchange.report().onWritten(chunks);
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        exchange.onResponseWritten();
    }

    @Override
    protected void onFailure(Throwable cause) {
        exchange.onClientWriteFailed(cause);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
    }

    private void release() {
        chunks.forEach(Content.Chunk::release);
        chunks.clear();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
