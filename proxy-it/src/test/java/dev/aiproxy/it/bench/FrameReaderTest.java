package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
    private final List<String> frames = new ArrayList<>();
    private final FrameReader reader = new FrameReader((type, flags, stream, payload) ->
            frames.add(type + " " + flags + " " + stream + " " + StandardCharsets.US_ASCII.decode(payload)));

    @ParameterizedTest(name = "pieces of {0} bytes")
    @ValueSource(ints = {1, 2, 8, 9, 10, 11, 24, 1000})
    void readsFramesFromPiecesOfAnySize(int pieceBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        bytes.put(Frame.of(Frame.DATA, 0, 1, text("one")));
        bytes.put(Frame.of(Frame.SETTINGS, Frame.ACK, 0));
        bytes.put(Frame.of(Frame.DATA, Frame.END_STREAM, 3, text("and another")));
        bytes.flip();

        while (bytes.hasRemaining()) {
            int length = Math.min(pieceBytes, bytes.remaining());
            reader.read(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
        }

        assertThat(frames).containsExactly("0 0 1 one", "4 1 0 ", "0 1 3 and another");
    }

    @Test
    void refusesAFrameLargerThanAllowed() {
        ByteBuffer head = ByteBuffer.allocate(Frame.HEAD_BYTES);
        Frame.putHead(head, Frame.MOST_PAYLOAD_BYTES + 1, Frame.DATA, 0, 1);

        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> reader.read(head.flip()))
                .withMessage("HTTP/2: a frame of 16385 bytes");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
