package dev.aiproxy.internal;

import java.nio.ByteBuffer;

/**
 * Hides the odd bytes of a request target from Jetty, which refuses targets that servers accept: {@code /%2e%2e/x},
 * {@code /a%00b}, {@code /%zz}, or bytes that are no UTF-8. The real target goes on from the {@link RawHead}.
 *
 * <p>Only the path and query of an origin-form target are touched, byte by byte and in place, so that the length stays. What
 * makes a request line ambiguous (spaces, control bytes, line ends) is left for Jetty to refuse.
 */
final class TargetMask {

    private enum Place {
        METHOD,
        TARGET_START,
        TARGET,
        BEHIND
    }

    private Place place = Place.METHOD;

    /** A new head begins. */
    void reset() {
        place = Place.METHOD;
    }

    /** The last {@code count} bytes of this buffer have just been read, and belong to a head. */
    void apply(ByteBuffer buffer, int count) {
        for (int i = buffer.limit() - count; i < buffer.limit() && place != Place.BEHIND; i++) {
            byte value = buffer.get(i);
            switch (place) {
                case METHOD -> place = next(value);
                case TARGET_START -> place = value == '/' ? Place.TARGET : Place.BEHIND;
                default -> {
                    if (value >= 0 && value <= ' ') {
                        place = Place.BEHIND;
                    } else if (value < 0 || value == '%' || value == '.') {
                        buffer.put(i, (byte) '_');
                    }
                }
            }
        }
    }

    private static Place next(byte value) {
        if (value == ' ') {
            return Place.TARGET_START;
        }
        // Empty lines may come before a request; any other control byte is for Jetty to refuse.
        return value == '\r' || value == '\n' || value > ' ' ? Place.METHOD : Place.BEHIND;
    }
}
