package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

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
        try {
            for (int i = 0; i < text.length(); i++) {
                client.send(text.substring(i, i + 1));
            }
        } catch (IOException closed) {
            // A peer that has heard enough closes; what it said before that can still be read.
            return;
        }
    }
}
