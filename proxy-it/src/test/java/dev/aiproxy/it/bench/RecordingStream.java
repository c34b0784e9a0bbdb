package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tells what came, and refuses any status but 200. */
final class RecordingStream extends Http2Stream {
    private final List<String> heard = new ArrayList<>();

    RecordingStream(int id) {
        super(id);
    }

    List<String> heard() {
        return heard;
    }

    @Override
    void head(String value) throws IOException {
        if (!value.equals("200")) {
            throw new IOException("status " + value);
        }
        heard.add("head " + value);
    }

    @Override
    void body(ByteBuffer piece) {
        heard.add("body " + piece.remaining());
    }

    @Override
    void end() {
        heard.add("end");
    }

    @Override
    void failed(IOException failure) {
        heard.add("failed " + failure.getMessage());
    }
}
