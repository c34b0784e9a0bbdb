package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code proxy.state} in the home folder: by it the proxy that runs there is found, asked about, and stopped.
 *
 * <p>The truth is not what the file says but the lock on it, which the proxy holds for its whole life and the operating
 * system takes away with the process. A number of a process may be stale or belong to another process by now; a lock
 * cannot. What the file says is only ever appended, the last line of a name counts, and a proxy that ends in order
 * leaves the file empty. It is never deleted: two processes could then hold locks on two files of one name.
 *
 * <p>A successor, which takes over from a proxy that runs, writes a file of another name and gets this one's when it is
 * {@linkplain #promote promoted}. The old proxy keeps its lock, and its file under a name of its own, until it has ended.
 * A lock is on a file, not on a name; so whoever has got one looks whether the name still means it.
 *
 * <p>On POSIX systems, a process loses its lock when it closes the file anywhere, so a proxy must not
 * {@linkplain #read read} its own.
 */
final class StateFile {

    static final String NAME = "proxy.state";

    /** Of a successor that has not taken over yet. */
    static final String NEXT_NAME = "proxy.next.state";

    private static final String OLD_NAMES = "proxy.old-*.state";

    /** Far behind all content, since some systems let nobody read what is locked. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    /** Whoever looks holds a lock for a moment, too. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(1);

    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();
    private static final String STOP_NOW = "stopNow";
    private static final String STOP = "stop";
    private static final String HAND_OVER = "handOver";

    private final Path home;
    private final FileChannel channel;
    /** Others append as well, so each has to leave it to the system where the end is. */
    private final FileChannel end;

    private final Object key;

    private StateFile(Path home, FileChannel channel, FileChannel end, Object key) {
        this.home = home;
        this.channel = channel;
        this.end = end;
        this.key = key;
    }

    /**
     * Makes this process the proxy of a home folder.
     *
     * @param facts what the file shall say
     * @return empty if there is one already
     * @throws IOException if the file cannot be written
     */
    static Optional<StateFile> claim(Path home, Map<String, String> facts) throws IOException {
        return claim(home, NAME, facts);
    }

    /** The same for a successor of the proxy that is there; empty if there is another successor. */
    static Optional<StateFile> claimNext(Path home, Map<String, String> facts) throws IOException {
        return claim(home, NEXT_NAME, facts);
    }

    private static Optional<StateFile> claim(Path home, String name, Map<String, String> facts) throws IOException {
        Path file = home.resolve(name);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Object key = keyOf(file);
            // Changed names show in the end, for by then nobody but the owner of the lock may change them.
            if (!isLocked(channel) || !keyOf(file).equals(key)) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            FileChannel end = FileChannel.open(file, StandardOpenOption.APPEND);
            StateFile claimed = new StateFile(home, channel, end, key);
            claimed.add(facts);
            return Optional.of(claimed);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What tells a file from another one that has its name later. */
    private static Object keyOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
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
        end.write(bytes(facts));
    }

    /** Whether somebody wants the proxy to end without waiting for anything. */
    boolean isToldToStopNow() throws IOException {
        return facts().containsKey(STOP_NOW);
    }

    /** Whether a successor has taken over, so that nobody is to notice the end of this proxy. */
    boolean isToldToHandOver() throws IOException {
        Map<String, String> facts = facts();
        return facts.containsKey(HAND_OVER) && !facts.containsKey(STOP);
    }

    private Map<String, String> facts() throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) channel.size());
        channel.read(content, 0);
        return parse(new String(content.array(), StandardCharsets.UTF_8));
    }

    /** Whether this is the file of the home's proxy, and not of one that is to become it or was it. */
    boolean isPresent() throws IOException {
        return keyOf(home.resolve(NAME)).equals(key);
    }

    /** Says that the proxy has ended in order, and lets go. */
    void release() throws IOException {
        try (channel;
                end) {
            channel.truncate(0);
            Files.deleteIfExists(oldFile(home, ProcessHandle.current().pid()));
        }
    }

    /**
     * Makes the successor, which must have claimed its file, the proxy of its home. There is no moment without one.
     *
     * @return the file that the old proxy's has become
     */
    static Path promote(Path home, long oldPid) throws IOException {
        Path old = oldFile(home, oldPid);
        Files.deleteIfExists(old);
        Files.createLink(old, home.resolve(NAME));
        Files.move(home.resolve(NEXT_NAME), home.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        return old;
    }

    private static Path oldFile(Path home, long pid) {
        return home.resolve(OLD_NAMES.replace("*", Long.toString(pid)));
    }

    /** The files of proxies that others have taken over from; some may have ended without a word. */
    static List<Path> oldFiles(Path home) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home, OLD_NAMES)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            return found;
        }
    }

    /**
     * What can be known of the proxy of a home folder.
     *
     * @throws IOException if the file is there but cannot be read
     */
    static ProxyState read(Path home) throws IOException {
        return readFile(home.resolve(NAME));
    }

    /** The same by the file, whichever of the names it has. */
    static ProxyState readFile(Path file) throws IOException {
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
    static void tellToStopNow(Path file) throws IOException {
        tell(file, STOP_NOW);
    }

    /** Tells a proxy that hands over that there is no successor any more; it looks while it drains. */
    static void tellToStop(Path file) throws IOException {
        tell(file, STOP);
    }

    /** Tells a proxy, which is to be told to end next, that a successor has taken over. */
    static void tellToHandOver(Path file) throws IOException {
        tell(file, HAND_OVER);
    }

    private static void tell(Path file, String what) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            channel.write(bytes(Map.of(what, "true")));
        }
    }

    private static ByteBuffer bytes(Map<String, String> facts) {
        return ByteBuffer.wrap(PropertyText.of(facts).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> parse(String text) {
        try {
            return PropertyText.read(text);
        } catch (IllegalArgumentException damaged) {
            return Map.of();
        }
    }
}
