package dev.aiproxy.internal;

import java.nio.ByteBuffer;

/**
 * What the JDK does besides the system call when a socket reads into a buffer on the heap, or writes one: the bytes go through
 * a direct buffer that the thread keeps. Direct ones go as they are.
 */
final class SocketCopy {

    private final ByteBuffer kept;

    /** For no more bytes at once. */
    SocketCopy(int mostBytes) {
        kept = ByteBuffer.allocateDirect(mostBytes);
    }

    /** Puts all that was sent, which is direct and stands for what the system copies, into the room. */
    void read(ByteBuffer sent, ByteBuffer room) {
        room.put(room.isDirect() ? sent : kept.clear().put(sent).flip());
    }

    /** Takes all of it; the system's own copy is left out. */
    void write(ByteBuffer bytes) {
        if (!bytes.isDirect()) {
            kept.clear().put(bytes);
        }
        bytes.position(bytes.limit());
    }
}
