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

/** The stub in a process of its own. */
final class StubProcess implements AutoCloseable {
    private static final List<String> JVM_FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-Xmn192m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=256m");

    private final Process process;
    private final int port;
    private final BlockingQueue<Long> goneNanos = new LinkedBlockingQueue<>();

    private StubProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static StubProcess start(Optional<Certificates> tls) throws IOException {
        List<String> command = new ArrayList<>(List.of(JavaCommand.path()));
        command.addAll(JVM_FLAGS);
        command.addAll(JavaCommand.ofThisProgram(Stub.class));
        tls.ifPresent(certificates -> command.add(certificates.keyStore().toString()));
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
                goneNanos.add(Long.parseLong(line.substring("gone ".length())));
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

    /** When each unfinished stream's connection ended, in the order it happened. */
    BlockingQueue<Long> goneNanos() {
        return goneNanos;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
