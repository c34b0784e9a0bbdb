package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Stops the proxy of a home and waits for its end; what {@code stop} does, and half of what {@code restart} does. */
final class Stopper {

    /** For everything besides draining: closing connections, writing the last lines of the logs. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final HomeProxy proxy;
    private final PrintStream out;

    Stopper(HomeProxy proxy, PrintStream out) {
        this.proxy = proxy;
        this.out = out;
    }

    /**
     * Returns when the proxy has ended, and those it has taken over from, or none was running.
     *
     * @param now whether streams are torn at once, and a process killed if it does not end even so
     * @throws VerbFailedException if one cannot be told to stop, or does not end
     */
    void stopAll(boolean now) {
        List<Stopper> others = proxy.predecessors().stream()
                .map(other -> new Stopper(other, out))
                .toList();
        others.forEach(Stopper::tellToStop);
        if (proxy.state().isRunning() || others.isEmpty()) {
            stop(now);
        }
        others.forEach(other -> other.endStopping(now));
    }

    /** It has had its signal, and a second one would mean that it is to hurry. */
    private void endStopping(boolean now) {
        ProxyState state = proxy.state();
        if (now && state.isRunning()) {
            stop(true);
            return;
        }
        ProxyState last = awaitEnd(state.drainTimeout().plus(CLOSE_PATIENCE), state.drainTimeout());
        if (last.isRunning()) {
            insist(process(last), last, false);
        }
        out.println("stopped " + HomeProxy.name(state) + ", too");
    }

    /** The same for this one alone. */
    void stop(boolean now) {
        ProxyState state = proxy.state();
        if (!state.isRunning()) {
            out.println("not running in " + proxy.home());
            return;
        }
        ProcessHandle process = process(state);
        if (now) {
            tellToStopNow();
        }
        // A signal that it has had already changes nothing.
        if (!process.destroy() && process.isAlive()) {
            throw new VerbFailedException(
                    "cannot stop " + HomeProxy.name(state) + ": no permission; try as root or as its user");
        }
        out.println("stopping " + HomeProxy.name(state));
        Duration patience = now ? CLOSE_PATIENCE : state.drainTimeout().plus(CLOSE_PATIENCE);
        ProxyState last = awaitEnd(patience, state.drainTimeout());
        if (last.isRunning()) {
            insist(process, last, now);
        }
        out.println("stopped");
    }

    /** @throws VerbFailedException if its process cannot be seen from here */
    static ProcessHandle process(ProxyState state) {
        return state.process()
                .orElseThrow(() -> new VerbFailedException("the proxy of this home calls itself "
                        + HomeProxy.name(state) + ", which is another process here; stop it in its own container"));
    }

    private void tellToStopNow() {
        try {
            StateFile.tellToStopNow(proxy.file());
        } catch (IOException e) {
            throw new VerbFailedException("cannot write " + proxy.file(), e);
        }
    }

    private void tellToStop() {
        try {
            StateFile.tellToStop(proxy.file());
        } catch (IOException endedMeanwhile) {
            // Which is what it was to be told.
        }
    }

    private ProxyState awaitEnd(Duration patience, Duration drainTimeout) {
        int[] told = {0};
        return proxy.await(patience, state -> {
            int inFlight = state.inFlight().orElse(0);
            if (inFlight > 0 && inFlight != told[0]) {
                out.println("waiting for " + inFlight + " in flight, " + drainTimeout.toSeconds() + " s at most");
                told[0] = inFlight;
            }
            return !state.isRunning();
        });
    }

    private void insist(ProcessHandle process, ProxyState state, boolean now) {
        if (!now) {
            throw new VerbFailedException(
                    HomeProxy.name(state) + " has not ended; stop --now ends it whatever it does");
        }
        process.destroyForcibly();
        if (awaitEnd(CLOSE_PATIENCE, Duration.ZERO).isRunning()) {
            throw new VerbFailedException(HomeProxy.name(state) + " has not even ended by a kill");
        }
    }
}
