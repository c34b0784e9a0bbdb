package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client in a process of its own, which is talked to by lines and killed when closed. For one thread. */
final class ClientProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader lines;

    private ClientProcess(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts this command in this folder; what it says on stderr goes where the test's does. */
    static ClientProcess start(Path folder, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        // Settings of the machine for its own way out have no business between a test and its proxy.
        builder.environment().keySet().removeIf(name -> name.toLowerCase().endsWith("_proxy"));
        if (command.stream().anyMatch(argument -> argument.startsWith("https:"))) {
            trustTheAuthority(builder);
        }
        try {
            return new ClientProcess(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start " + command, failure);
        }
    }

    /** As OpenSSL, and so Python, is told, as curl is, and as Node is. */
    private static void trustTheAuthority(ProcessBuilder builder) {
        Path file = TestCertificates.get().authorityFile();
        for (String variable : List.of("SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")) {
            builder.environment().put(variable, file.toString());
        }
    }

    /** Waits for the next line it says; none when it will say no more. */
    Optional<String> nextLine() {
        try {
            return CompletableFuture.supplyAsync(this::read).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a line", interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError("waited for a line of " + process.info(), failure);
        }
    }

    private Optional<String> read() {
        try {
            return Optional.ofNullable(lines.readLine());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes a line to its stdin. */
    void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("it does not listen", failure);
        }
    }

    /** Whether it still runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended and returns its exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the client ends")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for its end", interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
