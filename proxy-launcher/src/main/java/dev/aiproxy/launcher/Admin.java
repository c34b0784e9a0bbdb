package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.PortSharing;
import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import dev.aiproxy.launcher.admin.AdminServer;
import dev.aiproxy.launcher.metrics.Metrics;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What whoever runs a proxy can see of it on {@code ADMIN_PORT}. Where nobody asks for that port, there is none, and
 * what stands behind it is not even loaded.
 *
 * <p>A proxy that cannot have the port serves without it. A successor waits for its predecessor to give it up. The lock
 * guards the server.
 */
final class Admin implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Admin.class);

    /** Longer than {@code restart} takes to have the predecessor let go, whatever comes between. */
    private static final Duration SUCCESSION_PATIENCE = RunCommand.SUCCESSION_PATIENCE.plusSeconds(15);

    private static final Duration TRY_AGAIN = Duration.ofMillis(100);

    private final String host;
    private final int port;
    private final LongSupplier logLinesLost;
    private final Metrics metrics = Metrics.of(Version.ofProgram());
    private final Live live = new Live();
    private volatile boolean isDraining;
    private Optional<AdminServer> server = Optional.empty();
    private Consumer<InetSocketAddress> whenOpen = address -> {};
    private boolean isClosed;

    private Admin(String host, int port, LongSupplier logLinesLost) {
        this.host = host;
        this.port = port;
        this.logLinesLost = logLinesLost;
    }

    /**
     * Opens nothing yet.
     *
     * @param logLinesLost how many lines the access log lacks; must not block
     */
    static Optional<Admin> asked(Settings settings, LongSupplier logLinesLost) {
        return settings.get(ConfigKey.ADMIN_PORT)
                .map(port -> new Admin(settings.get(ConfigKey.ADMIN_HOST), port, logLinesLost));
    }

    /** To be told of the traffic. */
    List<ExchangeListener> listeners() {
        return List.of(metrics.listener(), live.listener());
    }

    /**
     * Calls once the port is open: at once, if it is by now.
     *
     * @param told given where it is
     */
    synchronized void whenOpen(Consumer<InetSocketAddress> told) {
        address().ifPresentOrElse(told, () -> whenOpen = told);
    }

    /**
     * Shows a proxy that runs. Returns at once; whatever goes wrong is logged, and no harm to the proxy.
     *
     * @param settings those in effect
     */
    void open(ForwardProxy proxy, Supplier<Settings> settings) {
        metrics.observe(proxy, () -> isDraining, logLinesLost);
        List<AdminPage> pages = new ArrayList<>(pages(proxy));
        pages.addAll(live.start(new WatchedProxy(proxy, settings)));
        Optional<IOException> problem = tryOpen(pages);
        if (problem.isEmpty()) {
            return;
        }
        if (problem.get() instanceof BindException && proxy.config().listen().sharing() == PortSharing.SUCCESSOR) {
            logger.info("the admin port {} cannot be had while the proxy before this one has it; trying again", port);
            Thread succession = new Thread(() -> openLater(pages), "admin-succession");
            succession.setDaemon(true);
            succession.start();
            return;
        }
        tell(problem.get());
    }

    private List<AdminPage> pages(ForwardProxy proxy) {
        return List.of(
                AdminPage.of("/health/live", () -> AdminAnswer.json(200, health("live", proxy))),
                AdminPage.of(
                        "/health/ready",
                        () -> isDraining
                                ? AdminAnswer.json(503, health("draining", proxy))
                                : AdminAnswer.json(200, health("ready", proxy))),
                metrics.page());
    }

    private static String health(String status, ForwardProxy proxy) {
        return new JsonObject()
                .text("status", status)
                .number("inFlight", proxy.inFlight().size())
                .toString();
    }

    private synchronized Optional<IOException> tryOpen(List<AdminPage> pages) {
        if (isClosed) {
            return Optional.empty();
        }
        try {
            AdminServer started = AdminServer.start(host, port, pages);
            server = Optional.of(started);
            logger.info("the admin port listens on {}", started.address());
            whenOpen.accept(started.address());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private void openLater(List<AdminPage> pages) {
        long deadline = System.nanoTime() + SUCCESSION_PATIENCE.toNanos();
        Optional<IOException> problem = tryOpen(pages);
        while (problem.isPresent() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TRY_AGAIN.toNanos());
            problem = tryOpen(pages);
        }
        problem.ifPresent(this::tell);
    }

    private void tell(IOException problem) {
        live.close();
        logger.warn(
                "cannot open the admin port on {}:{}: {}; the proxy goes on without it",
                host,
                port,
                PortCheck.reason(problem, ConfigKey.ADMIN_PORT, port));
    }

    /** Where it can be seen, if it can. */
    synchronized Optional<InetSocketAddress> address() {
        return server.map(AdminServer::address);
    }

    /** The settings have been read again. */
    void reloaded(ReloadResult result) {
        metrics.reloaded(result.isDone());
    }

    /** The proxy takes no new work from now on. */
    void draining() {
        isDraining = true;
    }

    /** Gives up the port, or waiting for it. */
    @Override
    public synchronized void close() {
        isClosed = true;
        live.close();
        server.ifPresent(AdminServer::close);
        server = Optional.empty();
    }
}
