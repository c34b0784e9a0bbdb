package dev.aiproxy.internal.insight;

import dev.aiproxy.TokenGaps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has been learnt of one answer so far. Of texts it keeps one, the name of the model. */
final class AnswerFacts {

    /** No text that is looked at is longer; a longer one is none of those that are looked for. */
    static final int LONGEST_TEXT = 128;

    private static final List<byte[]> LAST_TYPES = List.of(
            ascii("message_stop"), ascii("response.completed"), ascii("response.incomplete"), ascii("response.failed"));

    private final GapCounts gaps = new GapCounts();
    private boolean isStream;
    private boolean isKnown;
    private boolean isFinished;
    private @Nullable String model;
    private long inputTokens = -1;
    private long outputTokens = -1;
    private long events;
    private long tokenEvents;
    private long firstTokenAt;
    private long lastTokenAt;

    /** When what is read now arrived, in terms of the nano clock. */
    private long now;

    private boolean eventHasToken;
    private boolean eventIsLast;

    AnswerFacts(boolean isStream) {
        this.isStream = isStream;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What is told from now on has arrived at this time. */
    void arrivesAt(long nanos) {
        now = nanos;
    }

    /** The answer is an array: each object in it is an event, as in streams of Gemini. */
    void onArrayOfEvents() {
        isStream = true;
    }

    /** Whether the text at a place is to be kept while it comes. */
    boolean wantsText(@Nullable Place place) {
        Fact fact = place == null ? null : place.fact();
        return fact == Fact.TYPE || fact == Fact.MODEL && model == null;
    }

    /**
     * A text has come.
     *
     * @param text has it, if it is one that is {@linkplain #wantsText wanted}
     * @param from where it begins there
     * @param length of all of it; if that is more than {@link #LONGEST_TEXT}, the rest need not be there
     */
    void onText(@Nullable Place place, byte[] text, int from, int length) {
        Fact fact = place == null ? null : place.fact();
        if (fact == null) {
            return;
        }
        switch (fact) {
            case TOKEN -> eventHasToken |= length > 0;
            case TYPE -> eventIsLast |= isLastType(text, from, length);
            case FINISH_REASON -> eventIsLast |= length > 0;
            case MODEL -> onModel(text, from, length);
            default -> {
                // A text where a number should be.
            }
        }
        isKnown |= fact != Fact.TYPE;
    }

    private static boolean isLastType(byte[] text, int from, int length) {
        // By index: an iterator for each event would be garbage.
        for (int i = 0; i < LAST_TYPES.size(); i++) {
            byte[] type = LAST_TYPES.get(i);
            if (type.length == length && Arrays.equals(type, 0, length, text, from, from + length)) {
                return true;
            }
        }
        return false;
    }

    private void onModel(byte[] text, int from, int length) {
        if (model == null && length > 0 && length <= LONGEST_TEXT) {
            model = new String(text, from, length, StandardCharsets.UTF_8);
        }
    }

    /**
     * A number, or true, false or null, has come.
     *
     * @param start its first character
     * @param number -1 if it is no whole number
     */
    void onScalar(@Nullable Place place, byte start, long number) {
        Fact fact = place == null ? null : place.fact();
        if (fact == Fact.DONE) {
            eventIsLast |= start == 't';
            isKnown = true;
        } else if (fact == Fact.INPUT_TOKENS && number >= 0) {
            inputTokens = number;
            isKnown = true;
        } else if (fact == Fact.OUTPUT_TOKENS && number >= 0) {
            outputTokens = number;
            isKnown = true;
        }
    }

    /** An event is complete. */
    void onEventEnd() {
        events++;
        if (isStream && eventHasToken) {
            onTokenEvent();
        }
        if (eventIsLast) {
            isFinished = true;
            isKnown = true;
        }
        onBroken();
    }

    /** What has been told of the event counts for nothing. */
    void onBroken() {
        eventHasToken = false;
        eventIsLast = false;
    }

    private void onTokenEvent() {
        if (tokenEvents++ == 0) {
            firstTokenAt = now;
        } else {
            gaps.add(Math.max(0, now - lastTokenAt));
        }
        lastTokenAt = now;
    }

    boolean isStream() {
        return isStream;
    }

    /** Whether anything was found that answers of AI servers have. */
    boolean isKnown() {
        return isKnown;
    }

    /** Whether the event has come that is the last of its stream. */
    boolean isFinished() {
        return isFinished;
    }

    long events() {
        return events;
    }

    Optional<String> model() {
        return Optional.ofNullable(model);
    }

    Optional<Long> inputTokens() {
        return inputTokens < 0 ? Optional.empty() : Optional.of(inputTokens);
    }

    Optional<Long> outputTokens() {
        return outputTokens < 0 ? Optional.empty() : Optional.of(outputTokens);
    }

    long tokenEvents() {
        return tokenEvents;
    }

    long firstTokenAt() {
        return firstTokenAt;
    }

    long lastTokenAt() {
        return lastTokenAt;
    }

    TokenGaps gaps() {
        return gaps.toGaps();
    }
}
