package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
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

    /** Such as {@code PID 4711}. */
    static String name(ProxyState state) {
        return "PID " + state.pid().map(String::valueOf).orElse("unknown");
    }
}
