package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A head, and maybe a whole body, as the frames of any stream. Not to be sent by two threads. */
final class Http2Message {
    private final ByteBuffer frames;
    private final int dataAt;
    private final int bodyBytes;

    private Http2Message(ByteBuffer frames, int dataAt, int bodyBytes) {
        this.frames = frames;
        this.dataAt = dataAt;
        this.bodyBytes = bodyBytes;
    }

    /** The body is one frame's at most. */
    static Http2Message whole(HpackWriter head, String body) {
        ByteBuffer headers = Frame.of(Frame.HEADERS, Frame.END_HEADERS, 0, head.block());
        ByteBuffer data = Frame.of(Frame.DATA, Frame.END_STREAM, 0, body.getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer frames = ByteBuffer.allocate(headers.remaining() + data.remaining());
        return new Http2Message(frames.put(headers).put(data), headers.limit(), body.length());
    }

    /** More is to follow. */
    static Http2Message head(HpackWriter head) {
        ByteBuffer headers = Frame.of(Frame.HEADERS, Frame.END_HEADERS, 0, head.block());
        return new Http2Message(headers, headers.limit(), 0);
    }

    /** Valid until the next call. */
    ByteBuffer on(int stream) {
        frames.clear();
        Frame.putStream(frames, 0, stream);
        if (isWhole()) {
            Frame.putStream(frames, dataAt, stream);
        }
        return frames;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    boolean isWhole() {
        return dataAt < frames.capacity();
    }
}
