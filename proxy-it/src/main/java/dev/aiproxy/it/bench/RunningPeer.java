package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A proxy that answers, or, without a process, the way around all of them. */
record RunningPeer(String name, boolean isJava, InetSocketAddress address, Optional<Process> process, long startNanos)
        implements AutoCloseable {
    private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NANOS = 2_000_000;
    private static final int STOP_SECONDS = 5;

    /** No proxy: what the stub and the client take for themselves. */
    static RunningPeer direct(int upstreamPort) {
        return new RunningPeer("direct", false, new InetSocketAddress("127.0.0.1", upstreamPort), Optional.empty(), 0);
    }

    /** Starts it and waits for its first good answer. */
    static RunningPeer start(Peer peer, Options options, Path parent, int upstreamPort, Optional<Certificates> tls)
            throws IOException {
        Path folder = Files.createTempDirectory(parent, peer.name());
        int port = freePort();
        ProcessBuilder builder =
                new ProcessBuilder(peer.command(new Peer.Setup(options, folder, port, upstreamPort, tls)));
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().putAll(Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString()));
        long begun = System.nanoTime();
        Process process = builder.start();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        try (Client client = Client.open(options.clientProtocol())) {
            while (!FirstAnswer.came(client, address)) {
                if (!process.isAlive() || System.nanoTime() - begun > LONGEST_START_NANOS) {
                    process.destroyForcibly();
                    throw new IOException(peer.name() + " did not start; see " + folder.resolve("output.log"));
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return new RunningPeer(peer.name(), peer.isJava(), address, Optional.of(process), System.nanoTime() - begun);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    boolean isDirect() {
        return process.isEmpty();
    }

    /** Of its processes; without any, it stands still. */
    CpuClock cpuClock() throws IOException {
        return process.isPresent() ? CpuClock.start(process.get().toHandle()) : CpuClock.ofNothing();
    }

    /** What its processes have used so far, to the hundredth of a second. */
    long cpuNanos() {
        ProcessHandle root = process.orElseThrow().toHandle();
        return Stream.concat(Stream.of(root), root.descendants())
                .flatMap(each -> each.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    long residentBytes() throws IOException {
        return ProcessTree.residentBytes(process.orElseThrow().toHandle());
    }

    @Override
    public void close() {
        process.ifPresent(RunningPeer::stop);
    }

    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
