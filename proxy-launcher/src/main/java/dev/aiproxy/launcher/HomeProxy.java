package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The proxy of a home folder, seen from another process.
 *
 * @param home absolute
 */
record HomeProxy(Path home) {

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    /** @throws VerbFailedException if nothing can be known */
    ProxyState state() {
        try {
            return StateFile.read(home);
        } catch (AccessDeniedException e) {
            throw new VerbFailedException(
                    "cannot read " + e.getMessage() + ": permission denied; try as root or as its user", e);
        } catch (IOException e) {
            throw new VerbFailedException("cannot read " + home.resolve(StateFile.NAME), e);
        }
    }

    /** Whether it answers, as opposed to merely being there. */
    static boolean isHealthy(ProxyState state) {
        return state.isRunning()
                && state.address()
                        .filter(address -> address.isServed(ANSWER_PATIENCE))
                        .isPresent();
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
