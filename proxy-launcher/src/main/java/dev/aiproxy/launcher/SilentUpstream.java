package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An AI server for one call: it begins a stream, says nothing more, and notes when the connection ends. */
final class SilentUpstream implements AutoCloseable {

    private static final byte[] BEGINNING = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Transfer-Encoding: chunked\r
            \r
            9\r
            data: 1

            \r
            """.getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final CompletableFuture<Long> endNanos = new CompletableFuture<>();

    private SilentUpstream(ServerSocket server) {
        this.server = server;
    }

    static SilentUpstream start() throws IOException {
        SilentUpstream upstream = new SilentUpstream(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(upstream::serve, "silent-upstream");
        thread.setDaemon(true);
        thread.start();
        return upstream;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void serve() {
        try (Socket connection = server.accept()) {
            InputStream in = connection.getInputStream();
            in.read();
            connection.getOutputStream().write(BEGINNING);
            awaitEnd(in);
        } catch (IOException closedFromHere) {
            endNanos.completeExceptionally(closedFromHere);
        }
    }

    /** A reset is an end, too. */
    private void awaitEnd(InputStream in) {
        try {
            while (in.read() >= 0) {
                // The rest of the request.
            }
        } catch (IOException reset) {
            endNanos.complete(System.nanoTime());
        }
        endNanos.complete(System.nanoTime());
    }

    /** How long after a moment of {@link System#nanoTime} the connection has ended; empty if it does not in time. */
    Optional<Duration> awaitEnd(long fromNanos, Duration patience) {
        try {
            long end = endNanos.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(Duration.ofNanos(Math.max(0, end - fromNanos)));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
