package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of an HTTP/2 connection do alike (RFC 9113). It takes as much as comes, and throws {@link Http2Failure}
 * at what peers that mean well do not do, and at what would spoil a measurement.
 */
final class Http2Session implements FrameReader.Frames {
    private static final int SETTING_BYTES = 6;

    private static final long MOST_TAKEN_BYTES = 1 << 30;

    private final Http2Output output;
    private final Side side;
    private final FrameReader frames = new FrameReader(this);
    private final HpackReader heads = new HpackReader();
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private String field = "";
    private int lastStream;
    private long takenBytes;
    private long mostStreams = Long.MAX_VALUE;
    private boolean greeted;

    Http2Session(Outlet outlet, Filler filler, Side side) {
        output = new Http2Output(outlet, filler, this::sent);
        this.side = side;
    }

    void start() throws IOException {
        output.control(side.greeting());
    }

    void read(ByteBuffer piece) throws IOException {
        frames.read(piece);
    }

    /** Whether the other side has said what it takes. */
    boolean isGreeted() {
        return greeted;
    }

    /** How many streams at once the other side takes: any number, unless it has said so. */
    long mostStreams() {
        return mostStreams;
    }

    /** Begins a stream, whose number must be above all before. */
    void open(Http2Stream stream) throws IOException {
        if (streams.size() >= mostStreams) {
            throw new Http2Failure(
                    "the other side takes only " + Plural.of(mostStreams, "stream") + " on a connection");
        }
        add(stream);
    }

    private void add(Http2Stream stream) {
        lastStream = stream.id();
        output.begin(stream);
        streams.put(stream.id(), stream);
    }

    void send(Http2Stream stream, Http2Message message) throws IOException {
        output.send(stream, message.on(stream.id()), message.bodyBytes(), message.isWhole());
    }

    /** Takes a frame of data. */
    void send(Http2Stream stream, ByteBuffer data, boolean ends) throws IOException {
        output.send(stream, data, data.remaining() - Frame.HEAD_BYTES, ends);
    }

    void fill(Http2Stream stream, long bytes) throws IOException {
        output.fill(stream, bytes);
    }

    boolean hasRoom(Http2Stream stream, int bytes) throws IOException {
        return output.hasRoom(stream, bytes);
    }

    void flush() throws IOException {
        output.flush();
    }

    /** Has the other side stop a stream, unless it is over. */
    void reset(Http2Stream stream) throws IOException {
        if (streams.containsKey(stream.id())) {
            forget(stream);
            output.control(Frame.reset(stream.id()));
        }
    }

    /** Has the other side stop a stream, and the stream fail, even if the other side cannot be told any more. */
    void fail(Http2Stream stream, IOException failure) throws IOException {
        try {
            reset(stream);
        } finally {
            stream.failed(failure);
        }
    }

    /** Fails all streams; what still comes is nobody's. */
    void close(IOException failure) {
        List<Http2Stream> open = List.copyOf(streams.values());
        streams.clear();
        open.forEach(stream -> stream.failed(failure));
    }

    @Override
    public void frame(int type, int flags, int stream, ByteBuffer payload) throws IOException {
        switch (type) {
            case Frame.DATA -> data(flags, stream, payload);
            case Frame.HEADERS -> head(flags, stream, payload);
            case Frame.RST_STREAM -> stopped(stream, payload);
            case Frame.SETTINGS -> settings(flags, payload);
            case Frame.PING -> ping(flags, payload);
            case Frame.GOAWAY -> goodbye(payload);
            case Frame.WINDOW_UPDATE -> widen(stream, payload);
            case Frame.PUSH_PROMISE -> throw new Http2Failure("PUSH_PROMISE although push is off");
            case Frame.CONTINUATION -> throw new Http2Failure("CONTINUATION: a head larger than a frame");
            default -> {
                // RFC 9113 §5.5: what is not known is ignored; and priorities mean nothing here.
            }
        }
    }

    private void data(int flags, int id, ByteBuffer payload) throws IOException {
        take(payload.remaining());
        Http2Stream stream = known(id);
        if (stream == null) {
            return;
        }
        Frame.unpad(flags, payload);
        try {
            if (payload.hasRemaining()) {
                stream.body(payload);
            }
            endIfLast(flags, stream);
        } catch (IOException failure) {
            fail(stream, failure);
        }
    }

    /** A stream's own window is never used up: none gets 2 GiB. */
    private void take(int bytes) throws IOException {
        takenBytes += bytes;
        if (takenBytes >= MOST_TAKEN_BYTES) {
            output.control(Frame.windowUpdate(0, (int) takenBytes));
            takenBytes = 0;
        }
    }

    /** Null for one that is over, or that this side has stopped: the other one may not know yet. */
    private @Nullable Http2Stream known(int id) throws Http2Failure {
        if (id == 0 || id > lastStream) {
            throw new Http2Failure("a frame on stream " + id + ", which was never begun");
        }
        return streams.get(id);
    }

    private void endIfLast(int flags, Http2Stream stream) throws IOException {
        if ((flags & Frame.END_STREAM) != 0) {
            stream.markReceived();
            forgetIfOver(stream);
            stream.end();
        }
    }

    private void head(int flags, int id, ByteBuffer payload) throws IOException {
        if ((flags & Frame.END_HEADERS) == 0) {
            throw new Http2Failure("a head larger than a frame");
        }
        Frame.unpad(flags, payload);
        Frame.skipPriority(flags, payload);
        field = "";
        heads.read(payload, this::find);
        if (id > lastStream) {
            add(side.begun(id));
        }
        Http2Stream stream = known(id);
        if (stream == null) {
            return;
        }
        try {
            // Trailers have no such field.
            if (!field.isEmpty()) {
                stream.head(field);
            }
            endIfLast(flags, stream);
        } catch (IOException failure) {
            fail(stream, failure);
        }
    }

    private boolean find(String name, String value) {
        if (name.equals(side.field())) {
            field = value;
            return false;
        }
        return true;
    }

    private void stopped(int id, ByteBuffer payload) throws IOException {
        Http2Stream stream = known(id);
        if (stream != null) {
            forget(stream);
            stream.failed(new IOException("RST_STREAM " + Frame.error(payload.getInt())));
        }
    }

    private void settings(int flags, ByteBuffer payload) throws IOException {
        if ((flags & Frame.ACK) != 0) {
            return;
        }
        greeted = true;
        while (payload.remaining() >= SETTING_BYTES) {
            int name = payload.getShort();
            int value = payload.getInt();
            if (name == Http2Greeting.INITIAL_WINDOW_SIZE) {
                long more = output.changeStreamWindow(value);
                streams.values().forEach(stream -> stream.widen(more));
            } else if (name == Http2Greeting.MAX_CONCURRENT_STREAMS) {
                mostStreams = Integer.toUnsignedLong(value);
            }
        }
        output.control(Frame.of(Frame.SETTINGS, Frame.ACK, 0));
    }

    private void ping(int flags, ByteBuffer payload) throws IOException {
        if ((flags & Frame.ACK) == 0) {
            byte[] same = new byte[payload.remaining()];
            payload.get(same);
            output.control(Frame.of(Frame.PING, Frame.ACK, 0, same));
        }
    }

    private void goodbye(ByteBuffer payload) throws Http2Failure {
        payload.getInt();
        int error = payload.getInt();
        if (error != 0 || !streams.isEmpty() || !side.mayGo()) {
            String reason = StandardCharsets.UTF_8.decode(payload).toString();
            throw new Http2Failure("GOAWAY " + Frame.error(error) + (reason.isEmpty() ? "" : ", " + reason) + ", with "
                    + Plural.of(streams.size(), "stream") + " under way");
        }
    }

    private void widen(int id, ByteBuffer payload) throws IOException {
        int bytes = payload.getInt();
        if (id == 0) {
            output.widen(bytes);
        } else {
            Http2Stream stream = known(id);
            if (stream != null) {
                stream.widen(bytes);
            }
        }
        output.goOn();
    }

    private void sent(Http2Stream stream) {
        stream.markSent();
        forgetIfOver(stream);
    }

    private void forgetIfOver(Http2Stream stream) {
        if (stream.isOver()) {
            forget(stream);
        }
    }

    private void forget(Http2Stream stream) {
        streams.remove(stream.id());
        output.forget(stream);
    }

    /** What the two sides do each in its own way. */
    interface Side {
        /** What goes out first. */
        ByteBuffer greeting();

        /** The field of a head that says all there is to know of it. */
        String field();

        /** A stream that the other side has begun. */
        Http2Stream begun(int id) throws Http2Failure;

        /** Whether the other side may say goodbye while nothing is under way. */
        boolean mayGo();
    }
}
