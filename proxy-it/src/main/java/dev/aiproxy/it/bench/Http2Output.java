package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** What goes out on an HTTP/2 connection: no more of a body than the other side takes (RFC 9113 §5.2). */
final class Http2Output {
    /** So little of a large body at once that what finds no room is cheaply kept. */
    private static final int FILLER_BYTES = 4 * (Frame.HEAD_BYTES + Frame.MOST_PAYLOAD_BYTES);

    private final Outlet outlet;
    private final Filler filler;
    private final Sent sent;
    private final Deque<Http2Stream> filling = new ArrayDeque<>();
    private long windowBytes = Http2Greeting.FIRST_WINDOW;
    private long streamWindowBytes = Http2Greeting.FIRST_WINDOW;

    Http2Output(Outlet outlet, Filler filler, Sent sent) {
        this.outlet = outlet;
        this.filler = filler;
        this.sent = sent;
    }

    /** Frames that no window bounds. */
    void control(ByteBuffer frames) throws IOException {
        outlet.send(frames);
        goOn();
    }

    void begin(Http2Stream stream) {
        stream.widen(streamWindowBytes);
    }

    /** How much streams take that begin from now on; returns by how much more that is. */
    long changeStreamWindow(long bytes) {
        long more = bytes - streamWindowBytes;
        streamWindowBytes = bytes;
        return more;
    }

    void widen(long bytes) {
        windowBytes += bytes;
    }

    /** Whether so much of a body would go out now, or soon. */
    boolean hasRoom(Http2Stream stream, int bytes) throws IOException {
        return Math.min(windowBytes, stream.windowBytes()) >= bytes && !outlet.isCongested();
    }

    /** Sends frames with so much of a body in them, and maybe its end. */
    void send(Http2Stream stream, ByteBuffer frames, int bodyBytes, boolean ends) throws IOException {
        if (Math.min(windowBytes, stream.windowBytes()) < bodyBytes) {
            throw new Http2Failure("no room for " + bodyBytes + " bytes in windows of " + windowBytes + " and "
                    + stream.windowBytes());
        }
        use(stream, bodyBytes);
        outlet.send(frames);
        if (ends) {
            sent.all(stream);
        }
        goOn();
    }

    /** Sends the rest of a body, which means nothing, as room comes. */
    void fill(Http2Stream stream, long bytes) throws IOException {
        stream.fill(bytes);
        filling.add(stream);
        goOn();
    }

    void forget(Http2Stream stream) {
        filling.remove(stream);
    }

    void flush() throws IOException {
        outlet.flush();
        goOn();
    }

    /**
     * Sends what there is room for now, of each stream in turn. Behind each write: it may have freed what TLS had encrypted and
     * found no room for, and then nobody will be told of room.
     */
    void goOn() throws IOException {
        while (!filling.isEmpty() && !outlet.isCongested() && windowBytes > 0) {
            Iterator<Http2Stream> ready =
                    filling.stream().filter(each -> each.windowBytes() > 0).iterator();
            if (!ready.hasNext()) {
                return;
            }
            Http2Stream stream = ready.next();
            filling.remove(stream);
            outlet.send(fillerFrames(stream));
            if (stream.fillerBytesLeft() > 0) {
                filling.add(stream);
            } else {
                sent.all(stream);
            }
        }
    }

    private ByteBuffer fillerFrames(Http2Stream stream) {
        ByteBuffer frames = filler.bytes(FILLER_BYTES);
        long most = Math.min(windowBytes, stream.windowBytes());
        while (most > 0 && frames.remaining() > Frame.HEAD_BYTES && stream.fillerBytesLeft() > 0) {
            int room = Math.min(Frame.MOST_PAYLOAD_BYTES, frames.remaining() - Frame.HEAD_BYTES);
            int bytes = (int) Math.min(room, Math.min(most, stream.fillerBytesLeft()));
            stream.fill(stream.fillerBytesLeft() - bytes);
            int flags = stream.fillerBytesLeft() == 0 ? Frame.END_STREAM : 0;
            Frame.putHead(frames, bytes, Frame.DATA, flags, stream.id());
            frames.position(frames.position() + bytes);
            use(stream, bytes);
            most -= bytes;
        }
        return frames.flip();
    }

    private void use(Http2Stream stream, int bytes) {
        windowBytes -= bytes;
        stream.widen(-bytes);
    }

    /** Hears that all was sent that is to be sent on a stream. */
    interface Sent {
        void all(Http2Stream stream);
    }
}
