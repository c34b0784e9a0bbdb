package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The client's end of a connection below TLS. It tells a client that speaks plain HTTP so, where TLS would only close, and
 * since when bytes have been coming that are no whole record yet, for those keep a connection from being idle.
 *
 * <p>Read by one thread at a time; any thread may ask for the time.
 */
final class EncryptedEndPoint extends EndPointWrapper {

    private final Consumer<EndPoint> onPlainHttp;
    private boolean isBegun;
    private boolean isPlainHttp;
    private volatile long recordBeganAt;

    /** @param onPlainHttp is told when a client has been refused because it speaks plain HTTP */
    EncryptedEndPoint(EndPoint endPoint, Consumer<EndPoint> onPlainHttp) {
        super(endPoint);
        this.onPlainHttp = onPlainHttp;
    }

    /**
     * When the first byte of a handshake or a record that is not complete yet was read, in terms of the nano clock; 0 if
     * there is none.
     */
    long recordBeganAt() {
        return recordBeganAt;
    }

    /** The handshake is over, or there was data in what has been read. */
    void recordEnds() {
        recordBeganAt = 0;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (isPlainHttp) {
            return -1;
        }
        int filled = super.fill(buffer);
        if (filled <= 0) {
            return filled;
        }
        if (recordBeganAt == 0) {
            recordBeganAt = System.nanoTime();
        }
        if (!isBegun) {
            isBegun = true;
            if (isLetter(buffer.get(buffer.limit() - filled))) {
                return refuse(buffer);
            }
        }
        return filled;
    }

    /** HTTP begins with a method; TLS, in all its versions, with a byte below or beyond all letters. */
    private static boolean isLetter(byte first) {
        int lowerCase = first | 0x20;
        return lowerCase >= 'a' && lowerCase <= 'z';
    }

    private int refuse(ByteBuffer buffer) throws IOException {
        isPlainHttp = true;
        BufferUtil.clear(buffer);
        String body = Failure.HTTPS_REQUIRED.json();
        String answer = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
        // The first bytes on this connection: there is room for them.
        flush(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        shutdownOutput();
        onPlainHttp.accept(this);
        return -1;
    }
}
