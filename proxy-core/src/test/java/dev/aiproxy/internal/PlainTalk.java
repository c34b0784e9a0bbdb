package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What tests send and read byte by byte. */
final class PlainTalk {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PlainTalk() {}

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String readUntil(Socket socket, String end) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the end came too early").isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }
}
