package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Room to read into. Each thread keeps what it gave back last of the full size, as most requests are small and leave their
 * room at once, on the thread that reads the next one: without that, half of what such a request allocates would be room.
 */
final class InputRooms {

    private final int bytes;
    private final ThreadLocal<Spare> spares = ThreadLocal.withInitial(Spare::new);

    InputRooms(int bytes) {
        this.bytes = bytes;
    }

    /** The full size, in bytes. */
    int bytes() {
        return bytes;
    }

    /** So much room with nothing in it, which is the caller's alone. */
    ByteBuffer take(int wanted) {
        if (wanted != bytes) {
            return BufferUtil.allocate(wanted);
        }
        Spare spare = spares.get();
        ByteBuffer room = spare.room;
        spare.room = null;
        return room == null ? BufferUtil.allocate(bytes) : room;
    }

    /** Nobody has seen it but who took it, and who reads into it no more. */
    void giveBack(ByteBuffer room) {
        if (room.capacity() == bytes) {
            BufferUtil.clear(room);
            spares.get().room = room;
        }
    }

    private static final class Spare {
        private @Nullable ByteBuffer room;
    }
}
