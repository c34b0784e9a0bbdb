package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection to the stub. Its first bytes tell which protocol it is of. */
final class StubConnection implements EventLoop.Handler {
    private final Stub stub;
    private final SocketChannel channel;
    private final Wire wire;
    private final Outlet outlet;
    private Protocol protocol = new Unknown();

    StubConnection(Stub stub, SocketChannel channel, Wire wire) {
        this.stub = stub;
        this.channel = channel;
        this.wire = wire;
        outlet = new Outlet(wire);
    }

    void start(SelectionKey key) {
        outlet.start(key);
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (key.isWritable()) {
            protocol.room();
        }
        ByteBuffer input = stub.input();
        int count = wire.read(input);
        while (count > 0) {
            protocol.read(input.flip());
            input = stub.input();
            count = wire.read(input);
        }
        if (count < 0) {
            gone();
        }
    }

    /** Whatever ends a connection in the middle of something is ordinary, but for what nobody may send. */
    @Override
    public void failed(IOException failure) {
        if (channel.isOpen() && failure instanceof Http2Failure) {
            stub.complain(failure.getMessage());
        }
        gone();
    }

    private void gone() {
        protocol.gone();
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            // Nothing is left to be done with it.
        }
    }

    /** What is spoken on it. */
    interface Protocol {
        /** Takes all bytes of the piece. */
        void read(ByteBuffer piece) throws IOException;

        /** What waited for room may go. */
        void room() throws IOException;

        /** The connection is no more. */
        void gone();
    }

    /** Until something has come. */
    private final class Unknown implements Protocol {
        @Override
        public void read(ByteBuffer piece) throws IOException {
            if (piece.remaining() < 2) {
                throw new Http2Failure("not to be told from HTTP/1.1 by one byte");
            }
            boolean http2 = piece.get(piece.position()) == 'P' && piece.get(piece.position() + 1) == 'R';
            if (!http2 && stub.isOnlyHttp2()) {
                throw new Http2Failure("not spoken by a proxy that was to speak it");
            }
            protocol = http2
                    ? StubHttp2.begin(stub, StubConnection.this, outlet, piece)
                    : new StubHttp1(stub, StubConnection.this, outlet);
            protocol.read(piece);
        }

        @Override
        public void room() throws IOException {
            outlet.flush();
        }

        @Override
        public void gone() {}
    }
}
