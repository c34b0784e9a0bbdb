package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Replaces the proxy of a home by another one, without a moment in which nobody listens: the new one listens beside the old
 * one and answers, before the old one is told to accept no more and to serve on those it has.
 */
final class Succession {

    /** For closing a socket, and saying so. */
    private static final Duration LET_GO_PATIENCE = Duration.ofSeconds(10);

    private final Starter starter;
    private final HomeProxy proxy;
    private final PrintStream out;

    Succession(Starter starter, PrintStream out) {
        this.starter = starter;
        this.proxy = starter.proxy();
        this.out = out;
    }

    /** Whether a proxy can be replaced in this way; one that hangs would keep its share of the connections. */
    static boolean isPossible(ProxyState running) {
        return running.sharesPort() && HomeProxy.isHealthy(running);
    }

    /**
     * Returns the exit code when the new one answers and the old one listens no more, or when the old one goes on because
     * the new one cannot start.
     *
     * @param now whether the streams of the old one are torn at once
     * @throws VerbFailedException if the old one cannot be told
     */
    int run(ProxyState old, boolean now) {
        ProcessHandle process = Stopper.process(old);
        OptionalInt failure = starter.startSuccessor();
        if (failure.isPresent()) {
            out.println(HomeProxy.name(old) + " goes on as before");
            return failure.getAsInt();
        }
        HomeProxy predecessor = promote(process);
        starter.tell("started as", proxy.state());
        if (now) {
            new Stopper(predecessor, out).stop(true);
            return ExitCode.OK;
        }
        process.destroy();
        ProxyState last = predecessor.await(
                LET_GO_PATIENCE, state -> !state.isRunning() || state.inFlight().isPresent());
        if (!last.isRunning()) {
            out.println(HomeProxy.name(old) + " has ended");
            return ExitCode.OK;
        }
        if (last.inFlight().isEmpty()) {
            process.destroyForcibly();
            out.println(HomeProxy.name(old) + " did not let go of the port and was killed");
            return ExitCode.OK;
        }
        out.println("%s accepts no more and ends with its connections, after %d s at the latest; in flight: %d"
                .formatted(
                        HomeProxy.name(old),
                        old.drainTimeout().toSeconds(),
                        last.inFlight().get()));
        return ExitCode.OK;
    }

    private HomeProxy promote(ProcessHandle process) {
        try {
            Path old = StateFile.promote(proxy.home(), process.pid());
            // Before the signal, upon which it looks.
            StateFile.tellToHandOver(old);
            return new HomeProxy(proxy.home(), old);
        } catch (IOException | UnsupportedOperationException e) {
            proxy.successor().state().process().ifPresent(ProcessHandle::destroyForcibly);
            throw new VerbFailedException(
                    "cannot write the state files in " + proxy.home() + ": " + e.getMessage()
                            + "; the old proxy goes on",
                    e);
        }
    }
}
