package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code proxy.state} in the home folder: by it the proxy that runs there is found, asked about, and stopped.
 *
 * <p>The truth is not what the file says but the lock on it, which the proxy holds for its whole life and the operating
 * system takes away with the process. A number of a process may be stale or belong to another process by now; a lock
 * cannot. What the file says is only ever appended, the last line of a name counts, and a proxy that ends in order
 * leaves the file empty. It is never deleted: two processes could then hold locks on two files of one name.
 *
 * <p>On POSIX systems, a process loses its lock when it closes the file anywhere, so a proxy must not
 * {@linkplain #read read} its own.
 */
final class StateFile {

    static final String NAME = "proxy.state";

    /** Far behind all content, since some systems let nobody read what is locked. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    /** Whoever looks holds a lock for a moment, too. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(1);

    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();
    private static final String STOP_NOW = "stopNow";

    private final FileChannel channel;

    private StateFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes this process the proxy of a home folder.
     *
     * @param facts what the file shall say
     * @return empty if there is one already
     * @throws IOException if the file cannot be written
     */
    static Optional<StateFile> claim(Path home, Map<String, String> facts) throws IOException {
        FileChannel channel = FileChannel.open(
                home.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (!isLocked(channel)) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            StateFile claimed = new StateFile(channel);
            claimed.add(facts);
            return Optional.of(claimed);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
        do {
            if (lock(channel, false).isPresent()) {
                return true;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    private static Optional<FileLock> lock(FileChannel channel, boolean shared) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock(LOCK_POSITION, 1, shared));
        } catch (OverlappingFileLockException heldWithinThisProcess) {
            return Optional.empty();
        }
    }

    /** Appends facts. */
    void add(Map<String, String> facts) throws IOException {
        channel.write(bytes(facts), channel.size());
    }

    /** Whether somebody wants the proxy to end without waiting for anything. */
    boolean isToldToStopNow() throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) channel.size());
        channel.read(content, 0);
        return parse(new String(content.array(), StandardCharsets.UTF_8)).containsKey(STOP_NOW);
    }

    /** Says that the proxy has ended in order, and lets go. */
    void release() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }

    /**
     * What can be known of the proxy of a home folder.
     *
     * @throws IOException if the file is there but cannot be read
     */
    static ProxyState read(Path home) throws IOException {
        Path file = home.resolve(NAME);
        long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
        while (true) {
            ProxyState state = readOnce(file);
            // A proxy that has just locked the file writes its number next.
            if (!state.isRunning() || state.pid().isPresent() || System.nanoTime() - deadline > 0) {
                return state;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private static ProxyState readOnce(Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return ProxyState.STOPPED;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean isHeld = lock(channel, true).isEmpty();
            Map<String, String> facts = parse(Files.readString(file));
            if (isHeld) {
                return new ProxyState(ProxyState.Life.RUNNING, facts);
            }
            return facts.isEmpty() ? ProxyState.STOPPED : new ProxyState(ProxyState.Life.DIED, facts);
        } catch (NoSuchFileException goneMeanwhile) {
            return ProxyState.STOPPED;
        }
    }

    /** Tells a proxy that stops to wait for nothing more; it looks while it drains. */
    static void tellToStopNow(Path home) throws IOException {
        try (FileChannel channel = FileChannel.open(home.resolve(NAME), StandardOpenOption.APPEND)) {
            channel.write(bytes(Map.of(STOP_NOW, "true")));
        }
    }

    private static ByteBuffer bytes(Map<String, String> facts) throws IOException {
        Properties properties = new Properties();
        properties.putAll(facts);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> parse(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException damaged) {
            return Map.of();
        }
        Map<String, String> facts = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> facts.put(name, properties.getProperty(name)));
        return facts;
    }
}
