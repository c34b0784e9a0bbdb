package dev.aiproxy.it;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A response as a client got it, whole or not.
 *
 * @param head the head, byte for byte
 * @param body the body as far as it came, framing taken off
 * @param trailers the trailer lines
 * @param integrity what the client can tell about the body's end
 */
public record RawResponse(MessageHead head, byte[] body, List<String> trailers, Integrity integrity) {

    /** What a strict client can tell about the end of a body. */
    public enum Integrity {
        /** It has ended as its framing says; without any framing, with a FIN. */
        WHOLE,
        /** The connection was closed before the end. */
        CUT_BY_FIN,
        /** The connection was reset before the end. */
        CUT_BY_RST,
        /** The framing broke. */
        BROKEN_FRAMING
    }

    /** The status code. */
    public int status() {
        return head.status();
    }

    /** The body as text, one character per byte. */
    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return head + text() + " (" + integrity + ")";
    }
}
