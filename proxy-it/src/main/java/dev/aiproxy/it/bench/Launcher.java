package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts proxies before the one upstream of the run. */
record Launcher(Options options, Path folder, int upstreamPort, Optional<Certificates> tls, List<Peer> peers) {
    RunningPeer start(Peer peer) throws IOException {
        return RunningPeer.start(peer, options, folder, upstreamPort, tls);
    }

    /** One more of the same kind. */
    RunningPeer startAnother(RunningPeer running) throws IOException {
        Peer kind = peers.stream()
                .filter(peer -> peer.name().equals(running.name()))
                .findFirst()
                .orElseThrow();
        return start(kind);
    }
}
