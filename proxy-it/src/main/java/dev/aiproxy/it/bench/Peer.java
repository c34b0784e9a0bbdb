package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A proxy to be measured. */
interface Peer {
    /** As in {@code --peers}. */
    String name();

    /** Which one it is, in one line; empty if it is not on this machine. */
    Optional<String> version();

    Abilities abilities();

    /** Whether it is a JVM, which has to compile before it is what it is. */
    default boolean isJava() {
        return false;
    }

    /** What starts it in the foreground. */
    List<String> command(Setup setup) throws IOException;

    /** Where it listens, where its upstream is, and a folder of its own. */
    record Setup(Options options, Path folder, int port, int upstreamPort, Optional<Certificates> tls) {
        String scheme() {
            return tls.isPresent() ? "https" : "http";
        }

        String upstream() {
            return scheme() + "://127.0.0.1:" + upstreamPort;
        }
    }
}
