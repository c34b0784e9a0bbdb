package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;

/** The client of an HTTP/2 connection, which begins all its streams. */
final class ClientSide implements Http2Session.Side {
    @Override
    public ByteBuffer greeting() {
        return Http2Greeting.ofClient();
    }

    @Override
    public String field() {
        return ":status";
    }

    @Override
    public Http2Stream begun(int id) throws Http2Failure {
        throw new Http2Failure("stream " + id + " begun by the server");
    }

    /** Whoever holds a lane would not be told before its next request. */
    @Override
    public boolean mayGo() {
        return false;
    }
}
