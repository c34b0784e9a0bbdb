package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Takes HTTP/1 framing off a stream, strictly, and not one byte more than was asked for. */
final class WireReader {
    private static final int MAX_HEAD_BYTES = 4 * 1024 * 1024;
    private static final int EMPTY_LINE = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final InputStream in;

    WireReader(InputStream in) {
        this.in = in;
    }

    /** A message head; empty if the peer ended the connection before its first byte. */
    Optional<MessageHead> head() throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        int lastFour = 0;
        while (lastFour != EMPTY_LINE) {
            int next = in.read();
            if (next == -1 && raw.size() == 0) {
                return Optional.empty();
            }
            raw.write(present(next));
            lastFour = lastFour << 8 | next;
            refuseEndless(raw.size());
        }
        return Optional.of(new MessageHead(raw.toByteArray()));
    }

    /** The data of the next chunk, with its CRLF taken off, too; empty at the last chunk, whose size line is taken. */
    byte[] chunk() throws IOException {
        byte[] data = exactly(chunkSize(line()));
        if (data.length > 0 && !line().isEmpty()) {
            throw new ProtocolException("chunk is longer than its size");
        }
        return data;
    }

    /** The lines after the last chunk, up to the empty one. */
    List<String> trailers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("connection ended " + (length - bytes.length) + " bytes early");
        }
        return bytes;
    }

    /** What is there, at least one byte unless the peer ended the connection. */
    byte[] some(int most) throws IOException {
        byte[] buffer = new byte[most];
        int read = in.read(buffer);
        return read <= 0 ? new byte[0] : Arrays.copyOf(buffer, read);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 2) != '\r' || line.charAt(line.length() - 1) != '\n') {
            line.append((char) present(in.read()));
        }
        return line.substring(0, line.length() - 2);
    }

    private static int chunkSize(String line) throws ProtocolException {
        try {
            return Integer.parseInt(line.split(";", 2)[0].trim(), 16);
        } catch (NumberFormatException notHex) {
            throw new ProtocolException("chunk size is '" + line + "'");
        }
    }

    private static int present(int next) throws EOFException {
        if (next == -1) {
            throw new EOFException("connection ended within a message");
        }
        return next;
    }

    private static void refuseEndless(int bytes) throws ProtocolException {
        if (bytes > MAX_HEAD_BYTES) {
            throw new ProtocolException("no end of the head within " + bytes + " bytes");
        }
    }
}
