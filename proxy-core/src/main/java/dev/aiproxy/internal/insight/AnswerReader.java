package dev.aiproxy.internal.insight;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of an AI server while it passes: bytes may be split anywhere, and none is kept.
 * It takes a few hundred bytes of memory however long the answer is, allocates nothing for an event, and reads on in time
 * that grows with the number of bytes alone.
 *
 * <p>The methods may be called from any thread; the object guards itself.
 */
public final class AnswerReader {

    private enum Form {
        EVENT_STREAM,
        JSON_LINES,
        JSON
    }

    /**
     * What is read at once. An array is looked through several times faster than a direct buffer, above all before all is
     * compiled; a copy of an event costs next to nothing.
     */
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[4096]);

    /** An answer, and whether it was whole. */
    public record Judged(AiAnswer answer, Verdict verdict) {}

    private final Form form;
    private final AnswerFacts facts;
    private final JsonWalker json;
    private final EventStream eventStream;
    private final JsonLines jsonLines;

    private AnswerReader(Form form) {
        this.form = form;
        this.facts = new AnswerFacts(form != Form.JSON);
        this.json = new JsonWalker(facts);
        this.eventStream = new EventStream(json);
        this.jsonLines = new JsonLines(json);
    }

    /**
     * A reader for an answer, if it is in a form that is read.
     *
     * @param status status code
     * @param contentType value of the field, if there is one
     * @param contentEncoding value of the field, if there is one
     */
    public static Optional<AnswerReader> of(
            int status, @Nullable String contentType, @Nullable String contentEncoding) {
        boolean isPlain = contentEncoding == null || contentEncoding.equalsIgnoreCase("identity");
        if (status < 200 || status > 299 || contentType == null || !isPlain) {
            return Optional.empty();
        }
        return formOf(contentType).map(AnswerReader::new);
    }

    private static Optional<Form> formOf(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return switch (type.strip().toLowerCase(Locale.ROOT)) {
            case "text/event-stream" -> Optional.of(Form.EVENT_STREAM);
            case "application/x-ndjson", "application/jsonl" -> Optional.of(Form.JSON_LINES);
            case "application/json" -> Optional.of(Form.JSON);
            default -> Optional.empty();
        };
    }

    /**
     * Whether what is in this form comes piece by piece, each maybe long after the one before.
     *
     * @param contentType value of the field, if there is one
     */
    public static boolean isStream(@Nullable String contentType) {
        return contentType != null
                && formOf(contentType).filter(form -> form != Form.JSON).isPresent();
    }

    /**
     * Reads on.
     *
     * @param bytes from absolute index {@code from} to {@code to}; position and limit stay as they are
     * @param arrivedAt when they came, in terms of the nano clock
     * @return whether the first token is among them
     */
    public synchronized boolean read(ByteBuffer bytes, int from, int to, long arrivedAt) {
        boolean hadToken = facts.tokenEvents() > 0;
        facts.arrivesAt(arrivedAt);
        byte[] scratch = SCRATCH.get();
        for (int at = from; at < to; at += scratch.length) {
            int count = Math.min(scratch.length, to - at);
            bytes.get(at, scratch, 0, count);
            read(scratch, count);
        }
        return !hadToken && facts.tokenEvents() > 0;
    }

    private void read(byte[] bytes, int count) {
        switch (form) {
            case EVENT_STREAM -> eventStream.read(bytes, 0, count);
            case JSON_LINES -> jsonLines.read(bytes, 0, count);
            case JSON -> json.read(bytes, 0, count);
        }
    }

    /**
     * What is known by now; empty if this is no answer of an AI server, as far as can be told.
     *
     * @param beganAt when the request began, in terms of the nano clock
     */
    public synchronized Optional<AiAnswer> answer(long beganAt) {
        if (!isAnswer()) {
            return Optional.empty();
        }
        boolean hasTokens = facts.tokenEvents() > 0;
        return Optional.of(new AiAnswer(
                facts.isStream(),
                facts.model(),
                facts.inputTokens(),
                facts.outputTokens(),
                facts.tokenEvents(),
                hasTokens ? Optional.of(Duration.ofNanos(facts.firstTokenAt() - beganAt)) : Optional.empty(),
                hasTokens ? Optional.of(Duration.ofNanos(facts.lastTokenAt() - beganAt)) : Optional.empty(),
                facts.gaps()));
    }

    /**
     * The same, when the exchange is over, and whether the answer was whole.
     *
     * @param beganAt when the request began, in terms of the nano clock
     * @param outcome how the exchange ended
     */
    public synchronized Optional<Judged> judged(long beganAt, Outcome outcome) {
        return answer(beganAt).map(answer -> new Judged(answer, isWhole() ? Verdict.COMPLETE : unfinished(outcome)));
    }

    private static Verdict unfinished(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> Verdict.NO_TERMINAL_EVENT;
            case CLIENT_GONE, REFUSED -> Verdict.CLIENT_GONE;
            case UPSTREAM_CUT, UPSTREAM_FAILED -> Verdict.UPSTREAM_CUT;
            case TIMED_OUT -> Verdict.TIMEOUT;
            case SHUT_DOWN -> Verdict.SHUT_DOWN;
        };
    }

    /** A stream that has brought nothing at all is a broken answer rather than none. */
    private boolean isAnswer() {
        return facts.isKnown() || eventStream.isDone() || form != Form.JSON && facts.events() == 0;
    }

    private boolean isWhole() {
        return facts.isFinished() || eventStream.isDone() || form == Form.JSON && json.isWhole();
    }
}
