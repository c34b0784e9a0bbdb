package dev.aiproxy.launcher;

import dev.aiproxy.PortSharing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be known from outside of the proxy of one home folder.
 *
 * @param life whether it runs
 * @param facts what it has said about itself; of one that runs no more, the last it said
 */
record ProxyState(Life life, Map<String, String> facts) {

    static final ProxyState STOPPED = new ProxyState(Life.STOPPED, Map.of());

    private static final String PID = "pid";
    private static final String MARK = "mark";
    private static final String STARTED_AT = "startedAt";
    private static final String VERSION = "version";
    private static final String LOG_DIR = "logDir";
    private static final String DRAIN_TIMEOUT = "drainTimeout";
    private static final String GIVEN = "given";
    private static final String RESTART_COMMAND = "restartCommand";
    private static final String RELOAD_COMMAND = "reloadCommand";
    private static final String SCHEME = "scheme";
    private static final String HOST = "host";
    private static final String PORT = "port";
    private static final String ADMIN_HOST = "adminHost";
    private static final String ADMIN_PORT = "adminPort";
    private static final String TARGET = "target";
    private static final String IN_FLIGHT = "inFlight";
    private static final String SHARES_PORT = "sharesPort";

    /** How far a proxy has come. */
    enum Life {
        /** Never started, or ended in order. */
        STOPPED,
        /** Ended without a word: killed, crashed, or the machine went down. */
        DIED,
        /** Its process lives; it may not listen yet, or no more. */
        RUNNING
    }

    /** Copies the facts. */
    ProxyState {
        facts = Map.copyOf(facts);
    }

    /** What this process says before anything else. */
    static Map<String, String> factsOfThisProcess(Settings settings, Optional<String> restartCommand) {
        Map<String, String> facts = new LinkedHashMap<>();
        long pid = ProcessHandle.current().pid();
        facts.put(PID, Long.toString(pid));
        ProcessMark.of(pid).ifPresent(mark -> facts.put(MARK, mark));
        facts.put(STARTED_AT, Instant.now().toString());
        facts.put(VERSION, Version.ofProgram());
        facts.put(LOG_DIR, settings.get(ConfigKey.LOG_DIR).toString());
        facts.put(DRAIN_TIMEOUT, settings.get(ConfigKey.DRAIN_TIMEOUT).toString());
        facts.put(GIVEN, String.join(",", settings.given()));
        restartCommand.ifPresent(command -> facts.put(RESTART_COMMAND, command));
        return facts;
    }

    /** What it says once it listens. */
    static Map<String, String> factsOfListening(ListenAddress address, String target) {
        InetSocketAddress socket = address.socket();
        return Map.of(
                SCHEME, address.scheme(),
                HOST, socket.getAddress().getHostAddress(),
                PORT, Integer.toString(socket.getPort()),
                TARGET, target,
                SHARES_PORT, Boolean.toString(PortSharing.isSupported()));
    }

    /** What it says once its admin port is open. */
    static Map<String, String> factsOfAdmin(InetSocketAddress address) {
        return Map.of(
                ADMIN_HOST, address.getAddress().getHostAddress(), ADMIN_PORT, Integer.toString(address.getPort()));
    }

    /** What it says if only a service manager can have it read its settings again. */
    static Map<String, String> factsOfReloading(String command) {
        return Map.of(RELOAD_COMMAND, command);
    }

    /** What it says when its settings have changed. */
    static Map<String, String> factsOfSettings(Settings settings, String target) {
        return Map.of(
                LOG_DIR, settings.get(ConfigKey.LOG_DIR).toString(),
                DRAIN_TIMEOUT, settings.get(ConfigKey.DRAIN_TIMEOUT).toString(),
                TARGET, target);
    }

    /** What it says while it drains. */
    static Map<String, String> factsOfDraining(int inFlight) {
        return Map.of(IN_FLIGHT, Integer.toString(inFlight));
    }

    boolean isRunning() {
        return life == Life.RUNNING;
    }

    Optional<Long> pid() {
        return fact(PID).map(Long::valueOf);
    }

    /** Its process, unless the number is that of another one: a home may be shared with a container. */
    Optional<ProcessHandle> process() {
        return pid().filter(pid -> ProcessMark.of(pid).equals(fact(MARK))).flatMap(ProcessHandle::of);
    }

    /** Where it listens, if it does yet. */
    Optional<ListenAddress> address() {
        return socket(HOST, PORT).map(socket -> new ListenAddress(fact(SCHEME).orElse("http"), socket));
    }

    /** Where its admin port is, if it has one. */
    Optional<InetSocketAddress> adminAddress() {
        return socket(ADMIN_HOST, ADMIN_PORT);
    }

    private Optional<InetSocketAddress> socket(String hostFact, String portFact) {
        return fact(hostFact).flatMap(host -> fact(portFact).map(port -> {
            try {
                // An address in digits: nothing is looked up.
                return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("the state file names an address that is none: " + host, e);
            }
        }));
    }

    /** Whether a successor can listen on its port, too. */
    boolean sharesPort() {
        return fact(SHARES_PORT).map(Boolean::valueOf).orElse(false);
    }

    Optional<String> target() {
        return fact(TARGET);
    }

    Optional<Instant> startedAt() {
        return fact(STARTED_AT).map(Instant::parse);
    }

    Optional<String> version() {
        return fact(VERSION);
    }

    Optional<Path> logDir() {
        return fact(LOG_DIR).map(Path::of);
    }

    /** How long it waits for streams when it is told to stop. */
    Duration drainTimeout() {
        return fact(DRAIN_TIMEOUT).map(Duration::parse).orElse(Duration.ZERO);
    }

    /** How many exchanges it still waits for; empty unless it drains. */
    Optional<Integer> inFlight() {
        return fact(IN_FLIGHT).map(Integer::valueOf);
    }

    /** The names of settings that it has from flags or the environment, which a successor does not get by itself. */
    List<String> given() {
        return fact(GIVEN)
                .filter(names -> !names.isEmpty())
                .map(names -> List.of(names.split(",")))
                .orElse(List.of());
    }

    /** How to restart it, if a service manager runs it. */
    Optional<String> restartCommand() {
        return fact(RESTART_COMMAND);
    }

    /** How to have it read its settings again, if a signal does not do. */
    Optional<String> reloadCommand() {
        return fact(RELOAD_COMMAND);
    }

    private Optional<String> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }
}
