package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteArrayEndPoint;

/** A client that takes all there is at once, and costs nothing itself: Jetty's and the JDK's writes without the system call. */
final class TakingEndPoint extends ByteArrayEndPoint {

    private static final int MOST_HEAP_BYTES = 1024;

    private final SocketCopy socket = new SocketCopy(MOST_HEAP_BYTES);
    private long takenBytes;

    long takenBytes() {
        return takenBytes;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
            takenBytes += buffer.remaining();
            socket.write(buffer);
        }
        return true;
    }
}
