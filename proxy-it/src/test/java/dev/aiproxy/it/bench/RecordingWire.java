package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes all that is written, and tells of it frame by frame. It may hold something back, as TLS does. */
final class RecordingWire implements Wire {
    private final List<String> frames = new ArrayList<>();
    private final FrameReader reader = new FrameReader((type, flags, stream, payload) -> frames.add("type " + type
            + ", flags " + flags + ", stream " + stream + ", "
            + (type == Frame.WINDOW_UPDATE ? "more " + payload.getInt() : payload.remaining())));

    private boolean holdsBack;
    private boolean holds;
    private boolean broken;

    @Override
    public int read(ByteBuffer into) {
        return 0;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
        reader.read(from);
        holds = holdsBack;
    }

    @Override
    public boolean flush() {
        return !holds;
    }

    /** Nothing can be written any more. */
    void breakDown() {
        broken = true;
    }

    /** From now on, something of all that is written finds no room. */
    void holdBack() {
        holdsBack = true;
    }

    /** There is room. */
    void letGo() {
        holdsBack = false;
        holds = false;
    }

    /** What was written since the last call. */
    List<String> taken() {
        List<String> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }
}
