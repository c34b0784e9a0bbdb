package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/**
 * An HTTP/2 client that sends exactly the frames it is given, however wrong they are; a preface and an empty SETTINGS have
 * been sent. For one thread.
 */
final class RawFrames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int LITERAL = 0;
    private static final int LONGEST_SHORT = 127;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final RawClient client;
    private final HpackDecoder decoder = new HpackDecoder(64 * 1024, System::nanoTime);

    private RawFrames(RawClient client) {
        this.client = client;
    }

    static RawFrames connect(ProxyExtension proxy) throws IOException {
        return new RawFrames(proxy.connect().send(PREFACE)).send(frame(SETTINGS, 0, 0, new byte[0]));
    }

    static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    /** A frame whose payload is one number. */
    static byte[] frame(int type, int streamId, int number) {
        return frame(type, 0, streamId, ByteBuffer.allocate(4).putInt(number).array());
    }

    /** A whole head: names and values in turn, pseudo-fields and all. */
    static byte[] head(int streamId, int flags, String... fields) {
        return frame(HEADERS, END_HEADERS | flags, streamId, block(fields));
    }

    /** A GET of this path, for the fields of {@link #head}. */
    static String[] get(String path, String... more) {
        String[] all = new String[8 + more.length];
        String[] own = {":method", "GET", ":scheme", "http", ":authority", "client.example", ":path", path};
        System.arraycopy(own, 0, all, 0, own.length);
        System.arraycopy(more, 0, all, own.length, more.length);
        return all;
    }

    /** RFC 7541 §6.2.2: each field in letters, none remembered. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(LITERAL);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** RFC 7541 §5.1 and §5.2, without Huffman coding. */
    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        block.write(Math.min(length, LONGEST_SHORT));
        if (length >= LONGEST_SHORT) {
            int rest = length - LONGEST_SHORT;
            for (; rest >= 128; rest /= 128) {
                block.write(rest % 128 + 128);
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawFrames send(byte[]... frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        client.send(all.toByteArray());
        return this;
    }

    /** Sends a frame so many times, or until the proxy has closed the connection. */
    RawFrames flood(int times, byte[] frame) {
        try {
            for (int i = 0; i < times; i++) {
                client.send(frame);
            }
        } catch (IOException closed) {
            // What it said before can still be read.
            return this;
        }
        return this;
    }

    /**
     * What becomes of a stream: status and body, and behind a bar {@code end}, or the error that it was reset with, or
     * {@code GOAWAY} and the error that the connection ended with; {@code closed} if the connection ended without a word.
     */
    String answer(int streamId) throws IOException {
        StringBuilder answer = new StringBuilder();
        String end = "";
        while (end.isEmpty()) {
            try {
                end = next(streamId, answer);
            } catch (IOException closed) {
                end = "closed";
            }
        }
        return answer + "|" + end;
    }

    /** Reads a frame; returns how the stream ended, if it did. */
    private String next(int streamId, StringBuilder answer) throws IOException {
        int length = new BigInteger(1, bytes(3)).intValue();
        int type = bytes(1)[0];
        boolean isLast = (bytes(1)[0] & END_STREAM) != 0;
        boolean isMine = ByteBuffer.wrap(bytes(4)).getInt() == streamId;
        byte[] payload = bytes(length);
        String status = type == HEADERS ? statusOf(payload) : "";
        if (type == GOAWAY) {
            return "GOAWAY " + ErrorCode.from(ByteBuffer.wrap(payload).getInt(4));
        }
        if (!isMine) {
            return "";
        }
        if (type == RST_STREAM) {
            return ErrorCode.from(ByteBuffer.wrap(payload).getInt()).toString();
        }
        answer.append(status);
        if (type == DATA) {
            answer.append(' ').append(new String(payload, StandardCharsets.ISO_8859_1));
        }
        return isLast && (type == HEADERS || type == DATA) ? "end" : "";
    }

    private byte[] bytes(int count) throws IOException {
        return client.readRaw(count).getBytes(StandardCharsets.ISO_8859_1);
    }

    private String statusOf(byte[] block) {
        try {
            return decoder.decode(ByteBuffer.wrap(block)) instanceof MetaData.Response response
                    ? Integer.toString(response.getStatus())
                    : "trailers";
        } catch (HpackException failure) {
            throw new AssertionError("a head that cannot be read", failure);
        }
    }

    /** Reads until the proxy ends the connection; returns the error that it named, if there was time for it. */
    String awaitClosed() throws IOException {
        String end = answer(-1);
        client.readToEnd();
        return end;
    }
}
