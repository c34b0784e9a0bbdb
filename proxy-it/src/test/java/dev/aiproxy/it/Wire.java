package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a client sees of a connection that may end in any way. */
final class Wire {

    private Wire() {}

    /** Everything up to the end of the connection, which a reset is, too. */
    static String readAll(RawClient client) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (byte[] piece = client.readSome(); piece.length > 0; piece = client.readSome()) {
                all.writeBytes(piece);
            }
        } catch (IOException reset) {
            return all.toString(StandardCharsets.ISO_8859_1);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends byte by byte, as far as the peer takes them. */
    static void drip(RawClient client, String text) {
        drip(text, client::send, () -> true);
    }

    /** Sends byte by byte, with a pause behind each, until the peer has closed the connection. */
    static void drip(RawClient client, String text, Duration pause) {
        drip(text, client::send, () -> client.isQuiet(pause));
    }

    /** As {@link #drip(RawClient, String, Duration)}, bytes that are not encrypted. */
    static void dripBelowTls(RawClient client, String text, Duration pause) {
        drip(
                text,
                piece -> client.sendBelowTls(piece.getBytes(StandardCharsets.ISO_8859_1)),
                () -> client.isQuiet(pause));
    }

    private static void drip(String text, Sending sending, Waiting waiting) {
        try {
            for (int i = 0; i < text.length(); i++) {
                sending.send(text.substring(i, i + 1));
                if (!waiting.isOpenAfterwards()) {
                    return;
                }
            }
        } catch (IOException closed) {
            // A peer that has heard enough closes; what it said before that can still be read.
            return;
        }
    }

    /** Sends a piece. */
    private interface Sending {
        void send(String piece) throws IOException;
    }

    /** Waits behind a piece. */
    private interface Waiting {
        boolean isOpenAfterwards() throws IOException;
    }
}
