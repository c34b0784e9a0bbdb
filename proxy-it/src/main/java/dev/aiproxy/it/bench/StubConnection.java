package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection to the stub. */
final class StubConnection implements EventLoop.Handler {
    private final Stub stub;
    private final SocketChannel channel;
    private final Wire wire;
    private final Outlet outlet;
    private final StubHttp1 protocol;

    StubConnection(Stub stub, SocketChannel channel, Wire wire) {
        this.stub = stub;
        this.channel = channel;
        this.wire = wire;
        outlet = new Outlet(wire);
        protocol = new StubHttp1(stub, this, outlet);
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

    @Override
    public void failed(IOException failure) {
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
}
