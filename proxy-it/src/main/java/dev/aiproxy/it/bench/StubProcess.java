package dev.aiproxy.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The stub in a process of its own. */
final class StubProcess implements AutoCloseable {
    private static final List<String> JVM_FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-Xmn192m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=256m");

    private final Process process;
    private final int port;
    private final BlockingQueue<Gone> gone = new LinkedBlockingQueue<>();

    private StubProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** With certificates it speaks TLS, and, if that is wanted, only HTTP/2 on it. */
    static StubProcess start(Optional<Certificates> tls, boolean http2) throws IOException {
        List<String> command = new ArrayList<>(List.of(JavaCommand.path()));
        command.addAll(JVM_FLAGS);
        command.addAll(JavaCommand.ofThisProgram(Stub.class));
        tls.ifPresent(certificates -> command.add(certificates.keyStore().toString()));
        if (http2) {
            command.add(Stub.HTTP_2);
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String first = lines.readLine();
        if (first == null || !first.startsWith("port ")) {
            throw new IOException("the stub did not start: " + first);
        }
        StubProcess stub = new StubProcess(process, Integer.parseInt(first.substring("port ".length())));
        Thread reader = new Thread(() -> stub.readLines(lines), "stub-lines");
        reader.setDaemon(true);
        reader.start();
        return stub;
    }

    private void readLines(BufferedReader lines) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                gone.add(new Gone(Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        } catch (IOException failure) {
            if (process.isAlive()) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    int port() {
        return port;
    }

    /** When the unfinished exchange with this tag ended; empty if it does not soon. */
    Optional<Long> awaitGone(long tag, long longestNanos) throws IOException {
        long deadline = System.nanoTime() + longestNanos;
        try {
            Gone next;
            do {
                next = gone.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } while (next != null && next.tag != tag);
            return Optional.ofNullable(next).map(Gone::nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a stream was to end", interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** The end of one exchange, other exchanges' late ends not to be taken for it. */
    private record Gone(long tag, long nanos) {}
}
