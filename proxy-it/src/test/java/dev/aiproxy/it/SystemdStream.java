package dev.aiproxy.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream through the service of a {@link SystemdMachine}: it has begun, and ends when it is told to. */
final class SystemdStream implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RECEIVED = "/etc/received-stream";

    /** Writes the last event when it reads a line itself. */
    private static final String UPSTREAM = """
            import socket, sys
            server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            connection, client = server.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 25\\r\\n\\r\\ndata: first\\n\\n")
            sys.stdin.readline()
            connection.sendall(b"data: last\\n\\n")
            connection.recv(1)
            """;

    private final SystemdMachine machine;
    private final Process upstream;
    private final CompletableFuture<SystemdMachine.Result> client;

    private SystemdStream(SystemdMachine machine, Process upstream, CompletableFuture<SystemdMachine.Result> client) {
        this.machine = machine;
        this.upstream = upstream;
        this.client = client;
    }

    /** Starts an upstream on a port, and a client of the proxy on another, which has got the first event. */
    static SystemdStream begin(SystemdMachine machine, int upstreamPort, int proxyPort) throws IOException {
        Process upstream = machine.startInNetwork("python3", "-c", UPSTREAM, Integer.toString(upstreamPort));
        String[] curl = {
            "curl",
            "-sN",
            "--retry",
            "20",
            "--retry-all-errors",
            "--retry-delay",
            "1",
            "-f",
            "-m",
            "60",
            "-o",
            RECEIVED,
            "http://127.0.0.1:" + proxyPort + "/v1/stream"
        };
        SystemdStream stream =
                new SystemdStream(machine, upstream, CompletableFuture.supplyAsync(() -> machine.run(curl)));
        Eventually.await(
                "the first event",
                PATIENCE,
                () -> machine.file(RECEIVED).toFile().length() > 0);
        return stream;
    }

    /** Lets it end, and returns all that the client has got. */
    String end() throws IOException {
        upstream.getOutputStream().write("\n".getBytes(StandardCharsets.US_ASCII));
        upstream.getOutputStream().flush();
        try {
            SystemdMachine.Result result = client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (result.exitCode() != 0) {
                throw new AssertionError("curl failed with " + result);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the stream did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the stream ended", e);
        }
        return Files.readString(machine.file(RECEIVED));
    }

    @Override
    public void close() throws IOException {
        upstream.destroyForcibly();
        Files.deleteIfExists(machine.file(RECEIVED));
    }
}
