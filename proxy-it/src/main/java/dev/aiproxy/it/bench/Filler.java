package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;

/** Bytes that mean nothing, to be sent by all that have the same thread. */
final class Filler {
    private static final int BUFFER_BYTES = 262_144;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Up to so many, valid until the next call; they may be written over. */
    ByteBuffer bytes(long most) {
        return buffer.clear().limit((int) Math.min(most, buffer.capacity()));
    }
}
