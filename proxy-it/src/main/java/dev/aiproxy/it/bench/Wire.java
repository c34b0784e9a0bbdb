package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The stub's side of a connection, in plain bytes, whatever travels on the network. */
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

    /** Turns the key's interest in writing on or off. */
    static void wantsToWrite(SelectionKey key, boolean wanted) {
        int operations = wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }
}
