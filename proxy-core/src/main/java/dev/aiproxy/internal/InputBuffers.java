package dev.aiproxy.internal;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Buffers for what clients send, each used once; all others come from the pool.
 *
 * <p>Jetty's HTTP/1.1 connection may let go of its input buffer on one thread while another has begun to fill it for the
 * next request. From a pool, such a buffer could go to another connection while it is in use.
 */
final class InputBuffers extends ByteBufferPool.Wrapper {

    private final InputRooms rooms;

    InputBuffers(ByteBufferPool pool, int inputBufferBytes) {
        super(pool);
        rooms = new InputRooms(inputBufferBytes);
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        return size == rooms.bytes() ? new InputBuffer(rooms) : super.acquire(size, direct);
    }
}
