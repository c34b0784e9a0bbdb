package dev.aiproxy.internal;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Outcome;
import dev.aiproxy.internal.insight.AnswerReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the data of a response read, when it has been written and before it is released, so that nobody waits for it. A
 * reader that fails is left alone from then on, and the traffic knows nothing of it.
 *
 * <p>{@link #arrived} and {@link #written} are called in turn, as the writes of a response are; the others from any thread.
 */
final class AnswerWatch {

    private static final Logger logger = LoggerFactory.getLogger(AnswerWatch.class);
    private static final AtomicBoolean hasFailed = new AtomicBoolean();

    /** From where to where each chunk's data lies; a write moves a buffer's position. */
    private int[] bounds = new int[2];

    private volatile @Nullable AnswerReader reader;
    private long arrivedAt;
    private int count;

    private AnswerWatch(AnswerReader reader) {
        this.reader = reader;
    }

    /** A watch for a response, if it is in a form that is read. */
    static @Nullable AnswerWatch of(ResponseHead head) {
        return AnswerReader.of(
                        head.status(),
                        head.fields().get(HttpHeader.CONTENT_TYPE),
                        head.fields().get(HttpHeader.CONTENT_ENCODING))
                .map(AnswerWatch::new)
                .orElse(null);
    }

    /** This data is about to be written. */
    void arrived(List<Content.Chunk> data, long now) {
        arrivedAt = now;
        count = Math.min(data.size(), ResponsePump.MAX_CHUNKS);
        if (bounds.length < 2 * count) {
            bounds = new int[2 * ResponsePump.MAX_CHUNKS];
        }
        for (int i = 0; i < count; i++) {
            ByteBuffer bytes = data.get(i).getByteBuffer();
            bounds[2 * i] = bytes.position();
            bounds[2 * i + 1] = bytes.limit();
        }
    }

    /**
     * The data that has arrived last is written.
     *
     * @return whether the first token is among it
     */
    boolean written(List<Content.Chunk> data) {
        AnswerReader current = reader;
        try {
            return current != null && read(current, data);
        } catch (RuntimeException | AssertionError e) {
            giveUp(e);
            return false;
        }
    }

    private boolean read(AnswerReader current, List<Content.Chunk> data) {
        boolean hasFirstToken = false;
        for (int i = 0; i < count; i++) {
            ByteBuffer bytes = data.get(i).getByteBuffer();
            hasFirstToken |= current.read(bytes, bounds[2 * i], bounds[2 * i + 1], arrivedAt);
        }
        count = 0;
        return hasFirstToken;
    }

    Optional<AiAnswer> answer(long beganAt) {
        AnswerReader current = reader;
        return current == null ? Optional.empty() : safely(() -> current.answer(beganAt), Optional.empty());
    }

    Optional<AnswerReader.Judged> judged(long beganAt, Outcome outcome) {
        AnswerReader current = reader;
        return current == null ? Optional.empty() : safely(() -> current.judged(beganAt, outcome), Optional.empty());
    }

    private <T> T safely(Supplier<T> look, T instead) {
        try {
            return look.get();
        } catch (RuntimeException | AssertionError e) {
            giveUp(e);
            return instead;
        }
    }

    private void giveUp(Throwable cause) {
        reader = null;
        if (hasFailed.compareAndSet(false, true)) {
            logger.warn("an answer cannot be read, and is not read any further; told once", cause);
        }
    }
}
