package dev.aiproxy.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One thing an upstream does on a connection.
 *
 * <p>Everything that is sent is bytes: {@link #head}, {@link #chunk} and {@link #lastChunk} only spell them, so a script
 * can break any rule of HTTP at any place by leaving them out. Text is ISO-8859-1, one character per byte.
 */
public sealed interface Step {

    /** Sends these bytes, in one write. */
    record Send(byte[] bytes) implements Step {}

    /** Sends so many bytes of {@link Pattern}, as fast as the peer takes them. */
    record Pour(long bytes) implements Step {}

    /** Sends these bytes one by one. */
    record Drip(byte[] bytes, Duration interval) implements Step {}

    /** Goes on when the test opens the gate; ends the script if the peer closes the connection first. */
    record Await(Gate gate) implements Step {}

    /** Goes on after this time; for tests whose subject is time itself. */
    record Pause(Duration time) implements Step {}

    /** Sends one chunk that holds the time of {@link System#nanoTime()} in decimal. */
    record Stamp() implements Step {}

    /** Reads the request body to its end, trailers included. */
    record ReadBody() implements Step {}

    /** Reads so many bytes of the request body. */
    record ReadBodyBytes(long bytes) implements Step {}

    /** Takes no more bytes off the socket, so that the peer's sends fill up and stall. */
    record StopReading() implements Step {}

    /** Takes bytes off the socket again. */
    record ResumeReading() implements Step {}

    /** Ends the sending direction and goes on. */
    record HalfClose() implements Step {}

    /** Closes the connection the ordinary way and ends the script. */
    record Fin() implements Step {}

    /** Closes the connection with a TCP reset and ends the script. */
    record Reset() implements Step {}

    /** Waits for the peer to close the connection; its absence is recorded as a failure of the script. */
    record ExpectClosed(Duration within) implements Step {}

    /** Does nothing more until the connection ends. */
    record Never() implements Step {}

    /** Sends text as it is. */
    static Step send(String text) {
        return new Send(bytes(text));
    }

    /** Sends a message head: the start line, the field lines, the empty line. */
    static Step head(String startLine, String... fieldLines) {
        StringBuilder head = new StringBuilder(startLine).append("\r\n");
        for (String line : fieldLines) {
            head.append(line).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** Sends one chunk with its size before and its CRLF after it, in one write. */
    static Step chunk(String data) {
        return send(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    /** Sends the end of a chunked body. */
    static Step lastChunk(String... trailerLines) {
        StringBuilder end = new StringBuilder("0\r\n");
        for (String line : trailerLines) {
            end.append(line).append("\r\n");
        }
        return send(end.append("\r\n").toString());
    }

    /** Waits at a gate. */
    static Step await(Gate gate) {
        return new Await(gate);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
