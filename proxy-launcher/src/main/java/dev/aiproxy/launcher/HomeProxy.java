package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The proxy of a home folder, seen from another process; or one that is to become it, or was it until a while ago.
 *
 * @param home absolute
 * @param file its state file
 */
record HomeProxy(Path home, Path file) {

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

    /** Connections of which it would be a wonder if one of two listeners got none. */
    private static final int ENOUGH_FOR_BOTH = 16;

    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    HomeProxy(Path home) {
        this(home, home.resolve(StateFile.NAME));
    }

    /** The one that is to take over from this one, if there is any. */
    HomeProxy successor() {
        return new HomeProxy(home, home.resolve(StateFile.NEXT_NAME));
    }

    /** Those that this one has taken over from and that have not ended yet. */
    List<HomeProxy> predecessors() {
        try {
            return StateFile.oldFiles(home).stream()
                    .map(old -> new HomeProxy(home, old))
                    .filter(HomeProxy::isRunningOrForgotten)
                    .toList();
        } catch (IOException e) {
            throw new VerbFailedException("cannot read " + home, e);
        }
    }

    private boolean isRunningOrForgotten() {
        if (state().isRunning()) {
            return true;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftToSomebodyElse) {
            // It says nothing that is true any more, and so nobody minds it.
        }
        return false;
    }

    /** @throws VerbFailedException if nothing can be known */
    ProxyState state() {
        try {
            return StateFile.readFile(file);
        } catch (AccessDeniedException e) {
            throw new VerbFailedException(
                    "cannot read " + e.getMessage() + ": permission denied; try as root or as its user", e);
        } catch (IOException e) {
            throw new VerbFailedException("cannot read " + file, e);
        }
    }

    /** Whether it answers, as opposed to merely being there. */
    static boolean isHealthy(ProxyState state) {
        return state.isRunning()
                && state.address()
                        .filter(address -> address.isServed(ANSWER_PATIENCE))
                        .isPresent();
    }

    /** The same where another proxy may have the port, too, and the system gives a connection to either. */
    static boolean isHealthyBeside(ProxyState state) {
        return state.address().isPresent()
                && IntStream.range(0, ENOUGH_FOR_BOTH).allMatch(time -> isHealthy(state));
    }

    /** Looks until a state is as wanted or time is over, and returns the last one seen. */
    ProxyState await(Duration patience, Predicate<ProxyState> wanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        ProxyState state = state();
        while (!wanted.test(state) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            state = state();
        }
        return state;
    }

    /**
     * What it tells about its reloads; empty if it takes none.
     *
     * @param state of it
     * @throws VerbFailedException if nothing can be known
     */
    Optional<ReloadFile> reloads(ProxyState state) {
        try {
            // One that another proxy has left behind tells nothing.
            return ReloadFile.read(home).filter(reloads -> state.pid().equals(Optional.of(reloads.pid())));
        } catch (IOException e) {
            throw new VerbFailedException("cannot read " + home.resolve(ReloadFile.NAME), e);
        }
    }

    /**
     * Sends it SIGHUP.
     *
     * @throws VerbFailedException if that is not possible
     */
    void hangUp(ProxyState state) {
        ProcessHandle process = process(state);
        try {
            // A shell has it built in, wherever there are signals.
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -HUP " + process.pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0) {
                throw new VerbFailedException(
                        "cannot signal " + name(state) + ": no permission; try as root or as its user");
            }
        } catch (IOException e) {
            throw new VerbFailedException("cannot signal " + name(state), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerbFailedException("interrupted", e);
        }
    }

    /** @throws VerbFailedException if it is not a process that this one sees */
    static ProcessHandle process(ProxyState state) {
        return state.process()
                .orElseThrow(() -> new VerbFailedException("the proxy of this home calls itself " + name(state)
                        + ", which is another process here; ask it in its own container"));
    }

    /** Such as {@code PID 4711}. */
    static String name(ProxyState state) {
        return "PID " + state.pid().map(String::valueOf).orElse("unknown");
    }
}
