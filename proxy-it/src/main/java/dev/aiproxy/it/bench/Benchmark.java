package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Jetty;

/**
 * Measures what our proxy and others cost and how late they make things, side by side: same work, in turn, round by
 * round. Progress goes to standard error, a report in Markdown to standard output. See {@code docs/benchmarks.md}.
 */
public final class Benchmark {
    private final Options options;
    private final Path folder;
    private final QuietMoment quietMoment;
    private final Map<String, String> versions = new LinkedHashMap<>();

    private Benchmark(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
        quietMoment = new QuietMoment(options.patienceNanos());
    }

    /** Takes options, each with a value; an unknown one prints all. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("benchmark");
        System.out.println(new Benchmark(Options.parse(arguments), folder).run());
        // Only after success: the logs in it tell why something failed.
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private String run() throws IOException {
        Optional<Certificates> tls =
                options.tlsUpstream() ? Optional.of(Certificates.makeIn(folder)) : Optional.empty();
        List<Peer> peers = peers();
        List<RunningPeer> running = new ArrayList<>();
        try (StubProcess stub = StubProcess.start(tls, options.http2Upstream());
                Client client = Client.open(options.clientProtocol())) {
            Launcher launcher = new Launcher(options, folder, stub.port(), tls, peers);
            if (tls.isEmpty()) {
                running.add(RunningPeer.direct(stub.port()));
            }
            for (Peer peer : peers) {
                progress("starting " + peer.name());
                running.add(launcher.start(peer));
            }
            Scenarios scenarios = new Scenarios(options, client, stub, launcher);
            StringBuilder tables = new StringBuilder();
            for (String name : options.scenarios()) {
                tables.append('\n').append(measure(name, scenarios.named(name), running));
            }
            return Machine.describe(options, versions) + tables;
        } finally {
            running.forEach(RunningPeer::close);
        }
    }

    private List<Peer> peers() {
        List<Peer> wanted = new ArrayList<>(JavaPeer.variants(options));
        Stream.of(
                        JavaPeer.ours(options),
                        new ReleasePeer(options),
                        NativePeer.NGINX,
                        NativePeer.HAPROXY,
                        NativePeer.CADDY,
                        JavaPeer.ofThisProgram(
                                "jetty-servlet",
                                "Jetty " + Jetty.VERSION + " AsyncMiddleManServlet",
                                StockServlet.class),
                        JavaPeer.ofThisProgram(
                                "jetty-handler", "Jetty " + Jetty.VERSION + " ProxyHandler", StockHandler.class),
                        SeparateProgram.vertx(options),
                        SeparateProgram.springGateway(options),
                        NodePeer.httpProxy(options))
                .filter(peer -> options.includesPeer(peer.name()))
                .forEach(wanted::add);
        return wanted.stream().filter(this::isThereAndAble).toList();
    }

    private boolean isThereAndAble(Peer peer) {
        Optional<String> version = peer.version();
        Optional<String> reason =
                version.isEmpty() ? Optional.of("not found") : peer.abilities().obstacle(options);
        reason.ifPresent(text -> progress("skipping " + peer.name() + ": " + text));
        versions.put(peer.name(), reason.map(text -> "skipped: " + text).orElseGet(version::orElseThrow));
        return reason.isEmpty();
    }

    private String measure(String name, Scenario scenario, List<RunningPeer> running) throws IOException {
        for (RunningPeer peer : running) {
            progress(name + ": warming up " + peer.name());
            scenario.warmUp(peer);
        }
        int rounds = scenario.rounds(options.rounds());
        for (int round = 1; round <= rounds; round++) {
            for (RunningPeer peer : running) {
                progress(name + ": round " + round + " of " + rounds + ", " + peer.name());
                Map<Column, Double> figures = scenario.startsProcesses()
                        ? scenario.measure(peer)
                        : quietMoment.measure(() -> scenario.measure(peer));
                figures.forEach((column, value) -> scenario.table().add(peer.name(), column, value));
            }
        }
        String table = scenario.table().markdown();
        progress(table);
        return table;
    }

    private static void progress(String text) {
        System.err.println(text);
    }
}
