package dev.aiproxy.internal.insight;

import org.jspecify.annotations.Nullable;

/**
 * Walks through JSON as it comes, byte for byte, and tells {@link AnswerFacts} what stands in the {@link Place}s that are
 * worth a look; all else is skipped. It keeps no more than where it is, and of a name or a value the few bytes that are
 * compared.
 *
 * <p>It finds its way through JSON; it does not judge it. What cannot be JSON is passed over up to the next event.
 */
final class JsonWalker {

    /** Places lie less deep, arrays between them included. */
    private static final int DEEPEST = 16;

    private static final byte[] NOT_KEPT = {};

    /** As the length of a text says that it is none of those that are compared. */
    private static final int TOO_LONG = AnswerFacts.LONGEST_TEXT + 1;

    private enum State {
        /** A value may begin, or an array end. */
        VALUE,
        /** In a text that is one. */
        TEXT,
        TEXT_ESCAPE,
        /** In a number, or in true, false or null. */
        SCALAR,
        /** A value is over. */
        BEHIND_VALUE,
        /** A name may begin, or an object end. */
        NAME,
        IN_NAME,
        IN_NAME_ESCAPE,
        COLON,
        /** In an object or an array that is not worth a look. */
        SKIPPED,
        SKIPPED_TEXT,
        SKIPPED_ESCAPE,
        /** This is no JSON. */
        LOST
    }

    private final AnswerFacts facts;
    /** What is kept of a text that does not lie in one piece; seldom needed, and so made when it is. */
    private byte @Nullable [] kept;

    private State state = State.VALUE;
    private int depth;
    /** One bit for each level that is an array. */
    private int arrays;

    private int skippedDepth;
    private @Nullable Place place = Place.ROOT;
    /** The place of the innermost object or array that is open. */
    private Place open = Place.ROOT;

    /** Up to {@link #TOO_LONG}. */
    private int textLength;

    private boolean isKept;
    private byte scalarStart;
    private long number;
    private boolean hasEnded;

    JsonWalker(AnswerFacts facts) {
        this.facts = facts;
    }

    /** Forgets an event that is not complete; another may begin. */
    void reset() {
        if (depth != 0 || state != State.VALUE) {
            state = State.VALUE;
            depth = 0;
            arrays = 0;
            place = Place.ROOT;
            open = Place.ROOT;
            facts.onBroken();
        }
    }

    /** Whether at least one value has come, and what has come is whole values. */
    boolean isWhole() {
        return hasEnded && depth == 0 && state == State.VALUE;
    }

    /** Walks on through the bytes from one index to another. */
    void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = switch (state) {
                case TEXT, IN_NAME -> readText(bytes, at, to);
                case SKIPPED -> skip(bytes, at, to);
                case SKIPPED_TEXT -> skipText(bytes, at, to);
                default -> {
                    step(bytes[at]);
                    yield at + 1;
                }
            };
        }
    }

    private int readText(byte[] bytes, int from, int to) {
        int end = endOfText(bytes, from, to);
        boolean isOver = end < to && bytes[end] == '"';
        if (isOver && textLength == 0) {
            onTextEnd(bytes, from, end - from);
            return end + 1;
        }
        keep(bytes, from, end - from);
        if (end == to) {
            return to;
        }
        if (isOver) {
            onTextEnd(isKept ? keptText() : NOT_KEPT, 0, textLength);
        } else {
            state = state == State.TEXT ? State.TEXT_ESCAPE : State.IN_NAME_ESCAPE;
        }
        return end + 1;
    }

    /** Where the next quote or backslash is. */
    private static int endOfText(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte character = bytes[at];
            if (character == '"' || character == '\\') {
                return at;
            }
        }
        return to;
    }

    private void keep(byte[] bytes, int from, int count) {
        int room = AnswerFacts.LONGEST_TEXT - textLength;
        if (isKept && room > 0) {
            System.arraycopy(bytes, from, keptText(), textLength, Math.min(count, room));
        }
        textLength += Math.min(count, TOO_LONG - textLength);
    }

    private void keep(byte character) {
        if (isKept && textLength < AnswerFacts.LONGEST_TEXT) {
            keptText()[textLength] = character;
        }
        textLength = Math.min(textLength + 1, TOO_LONG);
    }

    private byte[] keptText() {
        byte[] known = kept;
        if (known == null) {
            known = new byte[AnswerFacts.LONGEST_TEXT];
            kept = known;
        }
        return known;
    }

    private int skip(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte character = bytes[at];
            if (character == '"') {
                state = State.SKIPPED_TEXT;
                return at + 1;
            }
            if (character == '{' || character == '[') {
                skippedDepth++;
            } else if ((character == '}' || character == ']') && --skippedDepth == 0) {
                onValueEnd();
                return at + 1;
            }
        }
        return to;
    }

    private int skipText(byte[] bytes, int from, int to) {
        int end = endOfText(bytes, from, to);
        if (end == to) {
            return to;
        }
        state = bytes[end] == '"' ? State.SKIPPED : State.SKIPPED_ESCAPE;
        return end + 1;
    }

    private void step(byte character) {
        switch (state) {
            case VALUE -> onValueStart(character);
            case TEXT_ESCAPE -> onEscaped(character, State.TEXT);
            case IN_NAME_ESCAPE -> onEscaped(character, State.IN_NAME);
            case SKIPPED_ESCAPE -> state = State.SKIPPED_TEXT;
            case SCALAR -> onScalar(character);
            case BEHIND_VALUE -> onBehindValue(character);
            case NAME -> onName(character);
            case COLON -> onColon(character);
            default -> {
                // Lost, until the next event.
            }
        }
    }

    private void onValueStart(byte character) {
        switch (character) {
            case ' ', '\t', '\r', '\n' -> {
                // Between two values.
            }
            case '{', '[' -> onContainerStart(character == '[');
            case '"' -> beginText(State.TEXT, facts.wantsText(place));
            case ']' -> onContainerEnd(true);
            default -> onScalarStart(character);
        }
    }

    private void onContainerStart(boolean isArray) {
        if (place == null || depth == DEEPEST) {
            skippedDepth = 1;
            state = State.SKIPPED;
            return;
        }
        if (isArray && depth == 0) {
            facts.onArrayOfEvents();
        }
        open = place;
        arrays = isArray ? arrays | 1 << depth : arrays & ~(1 << depth);
        depth++;
        state = isArray ? State.VALUE : State.NAME;
    }

    private void onContainerEnd(boolean isArray) {
        if (depth == 0 || isInArray() != isArray) {
            state = State.LOST;
            return;
        }
        depth--;
        place = open;
        // What is in an array counts as the array, and it as the object that it is in.
        open = depth == 0 || isInArray() ? open : open.around();
        if (!isArray && place == Place.ROOT) {
            facts.onEventEnd();
        }
        onValueEnd();
    }

    private boolean isInArray() {
        return (arrays & 1 << (depth - 1)) != 0;
    }

    private void onValueEnd() {
        if (depth > 0) {
            state = State.BEHIND_VALUE;
            return;
        }
        hasEnded = true;
        place = Place.ROOT;
        state = State.VALUE;
    }

    private void beginText(State textState, boolean keep) {
        state = textState;
        textLength = 0;
        isKept = keep;
    }

    // RFC 8259 §7. What has more than escaped slashes and quotes is none of the texts that are compared.
    private void onEscaped(byte character, State textState) {
        state = textState;
        if (character == '/' || character == '"' || character == '\\') {
            keep(character);
        } else {
            textLength = TOO_LONG;
        }
    }

    private void onTextEnd(byte[] text, int from, int length) {
        if (state == State.IN_NAME) {
            place = length > Place.LONGEST_NAME ? null : open.named(text, from, length);
            state = State.COLON;
            return;
        }
        facts.onText(place, text, from, length);
        onValueEnd();
    }

    private void onScalarStart(byte character) {
        boolean isScalar =
                character == '-' || character >= '0' && character <= '9' || character >= 'a' && character <= 'z';
        state = isScalar ? State.SCALAR : State.LOST;
        scalarStart = character;
        number = 0;
        addDigit(character);
    }

    private void addDigit(byte character) {
        boolean isDigit = character >= '0' && character <= '9';
        // No count of tokens has more digits, and so it cannot overflow.
        number = isDigit && number >= 0 && number < 100_000_000_000_000L ? 10 * number + character - '0' : -1;
    }

    private void onScalar(byte character) {
        switch (character) {
            case ',', ']', '}', ' ', '\t', '\r', '\n' -> {
                facts.onScalar(place, scalarStart, number);
                onValueEnd();
                step(character);
            }
            default -> addDigit(character);
        }
    }

    private void onBehindValue(byte character) {
        switch (character) {
            case ' ', '\t', '\r', '\n' -> {
                // Before a comma or an end.
            }
            case ',' -> {
                place = open;
                state = isInArray() ? State.VALUE : State.NAME;
            }
            case '}' -> onContainerEnd(false);
            case ']' -> onContainerEnd(true);
            default -> state = State.LOST;
        }
    }

    private void onName(byte character) {
        switch (character) {
            case ' ', '\t', '\r', '\n' -> {
                // Before a name.
            }
            case '"' -> beginText(State.IN_NAME, true);
            case '}' -> onContainerEnd(false);
            default -> state = State.LOST;
        }
    }

    private void onColon(byte character) {
        switch (character) {
            case ' ', '\t', '\r', '\n' -> {
                // Before a colon.
            }
            case ':' -> state = State.VALUE;
            default -> state = State.LOST;
        }
    }
}
