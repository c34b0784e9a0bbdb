package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection to the stub: requests come one after the other, and each is answered once it is complete. */
final class StubConnection implements EventLoop.Handler, MessageReader.Parts {
    private static final byte[] STREAM_HEAD = ascii("""
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """);
    private static final byte[] STREAM_END = ascii("0\r\n\r\n");
    /** What is answered to all but streams and downloads. */
    static final String JSON = "{\"id\":\"msg_0123456789\",\"object\":\"chat.completion\",\"content\":\""
            + "x".repeat(400) + "\",\"usage\":{\"input_tokens\":12,\"output_tokens\":34}}";

    private static final byte[] JSON_ANSWER =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + JSON.length() + "\r\n\r\n"
                    + JSON);

    private final Stub stub;
    private final SocketChannel channel;
    private final Wire wire;
    private final MessageReader requests = MessageReader.ofRequests(this);
    private final EventTimer timer = new EventTimer();
    private SelectionKey key;
    private String target = "";
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private long fillerBytesLeft;

    StubConnection(Stub stub, SocketChannel channel, Wire wire) {
        this.stub = stub;
        this.channel = channel;
        this.wire = wire;
    }

    void start(SelectionKey itsKey) {
        key = itsKey;
    }

    @Override
    public void ready(SelectionKey itsKey) throws IOException {
        if (itsKey.isWritable()) {
            write();
        }
        ByteBuffer input = stub.input();
        int count = wire.read(input);
        while (count > 0) {
            requests.read(input.flip());
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

    @Override
    public void head(String text) {
        int from = text.indexOf(' ') + 1;
        target = text.substring(from, text.indexOf(' ', from));
    }

    @Override
    public void body(ByteBuffer piece) {}

    @Override
    public void end() throws IOException {
        if (target.startsWith("/stream")) {
            send(ByteBuffer.wrap(STREAM_HEAD));
            timer.begin(number("every"), number("events"));
            return;
        }
        if (target.startsWith("/download")) {
            fillerBytesLeft = number("bytes");
            send(ByteBuffer.wrap(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + fillerBytesLeft + "\r\n\r\n")));
            write();
            return;
        }
        send(ByteBuffer.wrap(JSON_ANSWER));
    }

    private long number(String parameter) {
        int from = target.indexOf(parameter + "=") + parameter.length() + 1;
        int until = target.indexOf('&', from);
        return Long.parseLong(until < 0 ? target.substring(from) : target.substring(from, until));
    }

    /** Sends now, or as soon as there is room. */
    private void send(ByteBuffer bytes) throws IOException {
        if (!unsent.hasRemaining()) {
            wire.write(bytes);
        }
        if (bytes.hasRemaining()) {
            ByteBuffer joined = ByteBuffer.allocate(unsent.remaining() + bytes.remaining());
            unsent = joined.put(unsent).put(bytes).flip();
        }
        Wire.wantsToWrite(key, isCongested());
    }

    private boolean isCongested() throws IOException {
        return unsent.hasRemaining() || !wire.flush();
    }

    private void write() throws IOException {
        wire.write(unsent);
        while (!isCongested() && fillerBytesLeft > 0) {
            ByteBuffer filler = stub.filler(fillerBytesLeft);
            int offered = filler.remaining();
            wire.write(filler);
            fillerBytesLeft -= offered - filler.remaining();
            if (filler.hasRemaining()) {
                break;
            }
        }
        Wire.wantsToWrite(key, isCongested() || fillerBytesLeft > 0);
    }

    private void gone() {
        if (timer.eventsLeft > 0) {
            System.out.println("gone " + number("tag") + " " + System.nanoTime());
            timer.eventsLeft = 0;
            stub.loop().cancel(timer);
        }
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            // Nothing is left to be done with it.
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends the events of this connection's stream: the first at once, the second after a part of the interval. */
    private final class EventTimer extends EventLoop.Timer {
        private long intervalNanos;
        private long eventsLeft;

        void begin(long intervalMicros, long events) throws IOException {
            intervalNanos = intervalMicros * 1000;
            eventsLeft = events;
            long now = System.nanoTime();
            sendNext();
            if (eventsLeft > 0) {
                stub.loop().schedule(this, now + (long) (intervalNanos * (1 + stub.nextPhase())));
            }
        }

        @Override
        void expired(long nowNanos) throws IOException {
            try {
                sendNext();
            } catch (IOException failure) {
                failed(failure);
            }
            if (eventsLeft > 0) {
                // A stub that was late goes on from now: it must not send bursts of its own.
                stub.loop().schedule(this, Math.max(dueNanos() + intervalNanos, nowNanos));
            }
        }

        private void sendNext() throws IOException {
            if (unsent.hasRemaining()) {
                return;
            }
            eventsLeft--;
            send(stub.event().stampedNow());
            if (eventsLeft == 0) {
                send(ByteBuffer.wrap(STREAM_END));
            }
        }
    }
}
