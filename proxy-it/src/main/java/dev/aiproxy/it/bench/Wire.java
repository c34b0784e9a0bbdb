package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection in plain bytes, whatever travels on the network. */
interface Wire {
    /** What can be read now: a count of bytes, 0 for nothing yet, -1 for the end. */
    int read(ByteBuffer into) throws IOException;

    /** Writes what can be written now, and leaves the rest in the buffer. */
    void write(ByteBuffer from) throws IOException;

    /** Writes what the wire itself still holds; whether nothing is left. */
    boolean flush() throws IOException;

    /** No encryption. */
    record Plain(SocketChannel channel) implements Wire {
        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public void write(ByteBuffer from) throws IOException {
            channel.write(from);
        }

        @Override
        public boolean flush() {
            return true;
        }
    }
}
