package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdminProbeTest {

    @Test
    void leavesNothingButColoursForATerminalToObey() throws Exception {
        String body = "\u001b[31mred\u001b[39m\n\u001b]0;title\u0007\u001b[2J\r\u009b2Jend\n";

        assertThat(asked(answer(body))).isEqualTo("\u001b[31mred\u001b[39m\n]0;title[2J2Jend\n");
    }

    @Test
    void takesNoPartOfAnAnswerForTheWhole() throws Exception {
        String whole = answer("a line\nanother\n");

        assertThat(asked(whole)).isEqualTo("a line\nanother\n");
        assertThatThrownBy(() -> asked(whole.substring(0, whole.length() - 3)))
                .isInstanceOf(EOFException.class)
                .hasMessage("the connection ended before the answer");
    }

    @Test
    void takesNoEndOfMemoryForAnAnswer() {
        assertThatThrownBy(() -> asked("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(5_000_000)))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is longer than 4194304 bytes");
    }

    private static String answer(String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    /** What is made of an answer of some server. */
    private static String asked(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(server, answer));
            String body = new AdminProbe((InetSocketAddress) server.getLocalSocketAddress()).ask("/live.txt");
            answering.get(10, TimeUnit.SECONDS);
            return body;
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket client = server.accept()) {
            // All of it, since closing with some of it unread would reset the connection.
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String line = request.readLine();
            while (!line.isEmpty()) {
                line = request.readLine();
            }
            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
