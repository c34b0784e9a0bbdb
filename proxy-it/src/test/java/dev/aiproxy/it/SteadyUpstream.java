package dev.aiproxy.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The AI server of a {@link SteadyLoad}: streams of six seconds and short answers, as many as are asked for; keeps nothing. */
final class SteadyUpstream implements AutoCloseable {
    private static final int EVENTS = 6;
    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);
    private static final int BACKLOG = 1024;
    private static final int REQUEST_BODY_BYTES = 2;

    /** How long a stream takes. */
    static final Duration STREAM_TIME = BETWEEN_EVENTS.multipliedBy(EVENTS);

    /** Characters in the body of a stream. */
    static final int STREAM_LENGTH = EVENTS * Answers.event(1).length();

    private final ServerSocket listener;

    private SteadyUpstream(ServerSocket listener) {
        this.listener = listener;
    }

    static SteadyUpstream start() throws IOException {
        SteadyUpstream upstream = new SteadyUpstream(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        Background.run(upstream::accept);
        return upstream;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            Background.run(() -> serve(socket));
        }
    }

    private static void serve(Socket socket) throws IOException {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
            WireReader wire = new WireReader(in);
            Optional<MessageHead> head = wire.head();
            while (head.isPresent()) {
                if (head.get().startLine().contains("/stream")) {
                    stream(socket.getOutputStream());
                } else {
                    wire.exactly(REQUEST_BODY_BYTES);
                    send(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                }
                head = wire.head();
            }
        }
    }

    private static void stream(OutputStream out) throws IOException {
        send(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int number = 1; number <= EVENTS; number++) {
            String event = Answers.event(number);
            send(out, Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            LockSupport.parkNanos(BETWEEN_EVENTS.toNanos());
        }
        send(out, "0\r\n\r\n");
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
