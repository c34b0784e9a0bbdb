package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/2 with the stub: each stream is a request, answered once it is complete. */
final class StubHttp2 implements StubConnection.Protocol, Http2Session.Side {
    private static final Http2Message STREAM_HEAD = Http2Message.head(new HpackWriter()
            .field(":status", "200")
            .field("content-type", "text/event-stream")
            .field("cache-control", "no-cache"));
    private static final ByteBuffer STREAM_END = Frame.of(Frame.DATA, Frame.END_STREAM, 0);
    private static final Http2Message JSON_ANSWER = Http2Message.whole(
            new HpackWriter()
                    .field(":status", "200")
                    .field("content-type", "application/json")
                    .field("content-length", Integer.toString(StubAnswer.JSON.length())),
            StubAnswer.JSON);

    private final Stub stub;
    private final StubConnection connection;
    private final Http2Session session;

    private StubHttp2(Stub stub, StubConnection connection, Outlet outlet) {
        this.stub = stub;
        this.connection = connection;
        session = new Http2Session(outlet, stub.filler(), this);
    }

    /** Takes the first bytes of a connection, which say that it is one of HTTP/2. */
    static StubHttp2 begin(Stub stub, StubConnection connection, Outlet outlet, ByteBuffer piece) throws IOException {
        byte[] preface = new byte[Http2Greeting.PREFACE.length()];
        if (piece.remaining() < preface.length) {
            throw new Http2Failure("a preface in pieces");
        }
        piece.get(preface);
        if (!new String(preface, StandardCharsets.ISO_8859_1).equals(Http2Greeting.PREFACE)) {
            throw new Http2Failure("a preface that is none");
        }
        StubHttp2 begun = new StubHttp2(stub, connection, outlet);
        begun.session.start();
        return begun;
    }

    @Override
    public void read(ByteBuffer piece) throws IOException {
        session.read(piece);
    }

    @Override
    public void room() throws IOException {
        session.flush();
    }

    @Override
    public void gone() {
        session.close(new IOException("connection closed"));
    }

    @Override
    public ByteBuffer greeting() {
        return Http2Greeting.ofServer();
    }

    @Override
    public String field() {
        return ":path";
    }

    @Override
    public Http2Stream begun(int id) {
        return new Answer(id);
    }

    /** Proxies close connections that are idle. */
    @Override
    public boolean mayGo() {
        return true;
    }

    /** One request and what answers it. */
    private final class Answer extends Http2Stream implements StubAnswer {
        private final StubExchange exchange = new StubExchange(stub, this);

        Answer(int id) {
            super(id);
        }

        @Override
        void head(String path) {
            exchange.ask(path);
        }

        @Override
        void body(ByteBuffer piece) {}

        @Override
        void end() throws IOException {
            exchange.answer();
        }

        @Override
        public void json() throws IOException {
            session.send(this, JSON_ANSWER);
        }

        @Override
        public void download(long bytes) throws IOException {
            session.send(
                    this,
                    Http2Message.head(
                            new HpackWriter().field(":status", "200").field("content-length", Long.toString(bytes))));
            session.fill(this, bytes);
        }

        @Override
        public void beginStream() throws IOException {
            session.send(this, STREAM_HEAD);
        }

        @Override
        public boolean event() throws IOException {
            if (!session.hasRoom(this, Event.BYTES)) {
                return false;
            }
            ByteBuffer frame = stub.frame().stampedNow();
            Frame.putStream(frame, 0, id());
            session.send(this, frame, false);
            return true;
        }

        @Override
        public void endStream() throws IOException {
            ByteBuffer frame = STREAM_END.clear();
            Frame.putStream(frame, 0, id());
            session.send(this, frame, true);
        }

        /** A connection that is dead says so itself. */
        @Override
        public void failed(IOException failure) {
            exchange.gone();
            if (failure instanceof Http2Failure) {
                connection.failed(failure);
            }
        }
    }
}
