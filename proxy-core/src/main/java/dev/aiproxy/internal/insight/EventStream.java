package dev.aiproxy.internal.insight;

import java.nio.charset.StandardCharsets;

/**
 * Takes an event stream apart (WHATWG HTML §9.2.6) as it comes: lines that end with CR, LF or both, of which only those
 * with data are walked through. Other fields are left out; what they say is said by the data, too.
 */
final class EventStream {

    private static final byte[] DATA_FIELD = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private enum State {
        /** At the beginning of a line, or in the name of a field that may be that of data. */
        NAME,
        /** Behind the colon, where one space is no data. */
        COLON,
        DATA,
        /** In a line without data. */
        OTHER
    }

    private final JsonWalker json;
    private State state = State.NAME;
    /** How much of the name has come. */
    private int matched;
    /** How much of {@link #DONE} the event consists of; -1 if it is something else. */
    private int done;

    private int skippedOfMark;
    private boolean isBehindCarriageReturn;
    private boolean hasDone;

    EventStream(JsonWalker json) {
        this.json = json;
    }

    /** Whether the event has come that says that no other will: it counts from its line on, as many clients take it. */
    boolean isDone() {
        return hasDone || done == DONE.length;
    }

    /** Walks on through the bytes from one index to another. */
    void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (state == State.DATA || state == State.OTHER) {
                int end = endOfLine(bytes, at, to);
                if (state == State.DATA && end > at) {
                    onData(bytes, at, end);
                }
                at = end;
            }
            if (at < to) {
                step(bytes[at], bytes, at);
                at++;
            }
        }
    }

    static int endOfLine(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte character = bytes[at];
            if (character == '\n' || character == '\r') {
                return at;
            }
        }
        return to;
    }

    private void step(byte character, byte[] bytes, int at) {
        boolean isSecondOfPair = character == '\n' && isBehindCarriageReturn;
        isBehindCarriageReturn = character == '\r';
        if (isSecondOfPair) {
            return;
        }
        if (character == '\n' || character == '\r') {
            onLineEnd();
        } else if (state == State.NAME) {
            onName(character);
        } else {
            state = State.DATA;
            if (character != ' ') {
                onData(bytes, at, at + 1);
            }
        }
    }

    private void onName(byte character) {
        if (skippedOfMark < BYTE_ORDER_MARK.length && character == BYTE_ORDER_MARK[skippedOfMark]) {
            skippedOfMark++;
            return;
        }
        skippedOfMark = BYTE_ORDER_MARK.length;
        if (character != DATA_FIELD[matched]) {
            matched = -1;
            state = State.OTHER;
        } else if (++matched == DATA_FIELD.length) {
            state = State.COLON;
        }
    }

    private void onData(byte[] bytes, int from, int to) {
        for (int at = from; at < to && done >= 0; at++) {
            done = done < DONE.length && bytes[at] == DONE[done] ? done + 1 : -1;
        }
        json.read(bytes, from, to);
    }

    private void onLineEnd() {
        boolean isEmpty = state == State.NAME && matched == 0;
        state = State.NAME;
        matched = 0;
        if (isEmpty) {
            hasDone |= done == DONE.length;
            done = 0;
            json.reset();
        }
    }
}
