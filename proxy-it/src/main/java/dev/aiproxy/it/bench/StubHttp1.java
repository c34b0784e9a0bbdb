package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 with the stub: requests come one after the other, and each is answered once it is complete. */
final class StubHttp1 implements StubConnection.Protocol, StubAnswer, MessageReader.Parts {
    private static final byte[] STREAM_HEAD = ascii("""
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """);
    private static final byte[] STREAM_END = ascii("0\r\n\r\n");
    private static final byte[] JSON_ANSWER =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + JSON.length() + "\r\n\r\n"
                    + JSON);

    private final Stub stub;
    private final StubConnection connection;
    private final Outlet outlet;
    private final MessageReader requests = MessageReader.ofRequests(this);
    private final StubExchange exchange;
    private long fillerBytesLeft;

    StubHttp1(Stub stub, StubConnection connection, Outlet outlet) {
        this.stub = stub;
        this.connection = connection;
        this.outlet = outlet;
        exchange = new StubExchange(stub, this);
    }

    @Override
    public void read(ByteBuffer piece) throws IOException {
        requests.read(piece);
    }

    @Override
    public void head(String text) {
        int from = text.indexOf(' ') + 1;
        exchange.ask(text.substring(from, text.indexOf(' ', from)));
    }

    @Override
    public void body(ByteBuffer piece) {}

    @Override
    public void end() throws IOException {
        exchange.answer();
    }

    @Override
    public void json() throws IOException {
        outlet.send(ByteBuffer.wrap(JSON_ANSWER));
    }

    @Override
    public void download(long bytes) throws IOException {
        fillerBytesLeft = bytes;
        outlet.send(ByteBuffer.wrap(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n")));
        fill();
    }

    @Override
    public void beginStream() throws IOException {
        outlet.send(ByteBuffer.wrap(STREAM_HEAD));
    }

    @Override
    public boolean event() throws IOException {
        if (outlet.isCongested()) {
            return false;
        }
        outlet.send(stub.chunk().stampedNow());
        return true;
    }

    @Override
    public void endStream() throws IOException {
        outlet.send(ByteBuffer.wrap(STREAM_END));
    }

    @Override
    public void room() throws IOException {
        outlet.flush();
        fill();
    }

    private void fill() throws IOException {
        if (fillerBytesLeft > 0) {
            fillerBytesLeft = outlet.fill(stub.filler(), fillerBytesLeft);
        }
    }

    @Override
    public void failed(IOException failure) {
        connection.failed(failure);
    }

    @Override
    public void gone() {
        exchange.gone();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
