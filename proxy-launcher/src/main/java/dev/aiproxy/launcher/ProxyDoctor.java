package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Looks at the proxy that runs, and through it. */
final class ProxyDoctor {

    private static final int CONNECT_MILLIS = 3_000;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final String PATH = "/v1/models";

    private final Settings settings;
    private final String program;
    private final Consumer<Finding> tell;

    /**
     * Looks at the proxy of the settings' home.
     *
     * @param program what the user calls
     * @param tell takes the findings, in order
     */
    ProxyDoctor(Settings settings, String program, Consumer<Finding> tell) {
        this.settings = settings;
        this.program = program;
        this.tell = tell;
    }

    /** Whether it is there; returns where it answers. */
    Optional<ListenAddress> examine(ProxyState state) {
        String name = HomeProxy.name(state);
        String start = program + " start --home " + settings.home();
        if (!state.isRunning()) {
            boolean hasDied = state.life() == ProxyState.Life.DIED;
            tell.accept(Finding.fail(
                    "process",
                    hasDied ? "not running: " + name + " ended without being stopped" : "not running",
                    hasDied ? "see what " + program + " logs says; " + start : start));
            tell.accept(port());
            return Optional.empty();
        }
        tell.accept(Finding.ok("process", name + ", version " + state.version().orElse("unknown")));
        staleTarget(state).ifPresent(tell);
        long asked = System.nanoTime();
        if (!HomeProxy.isHealthy(state)) {
            tell.accept(Finding.fail(
                            "port",
                            name + " does not answer",
                            "it hangs or is about to end: jstack "
                                    + state.pid().map(String::valueOf).orElse("PID") + " says where; " + program
                                    + " stop --now ends it")
                    .since(asked));
            return Optional.empty();
        }
        ListenAddress address = state.address().orElseThrow();
        tell.accept(Finding.ok("port", address.localUri() + " answers").since(asked));
        return Optional.of(address);
    }

    private Finding port() {
        String host = settings.get(ConfigKey.LISTEN_HOST);
        int port = settings.get(ConfigKey.LISTEN_PORT);
        return PortCheck.problem(host, port)
                .map(problem -> Finding.fail("port", host + ":" + port + " cannot be listened on", problem))
                .orElseGet(() -> Finding.ok("port", host + ":" + port + " is free"));
    }

    /** A proxy keeps the settings it was started with. */
    private Optional<Finding> staleTarget(ProxyState state) {
        String wanted = ProxyAssembly.target(settings).toString();
        return state.target()
                .filter(target -> !target.equals(wanted))
                .map(
                        target -> Finding.warn(
                                "target",
                                "it forwards to " + target + ", the settings of this home name " + wanted,
                                program
                                        + " restart, if the settings have changed; else it has flags or an environment of its own"));
    }

    /** Whether the AI server can be reached through it. Without a key, so that nothing is spent. */
    void reach(ListenAddress proxy) {
        long start = System.nanoTime();
        try (Socket connection = connect(proxy)) {
            HttpProbe answer = HttpProbe.ask(connection, HttpProbe.get("localhost", PATH));
            Optional<String> error = answer.proxyError();
            if (error.isPresent()) {
                tell.accept(failed("through", answer.status(), error.get()).since(start));
                return;
            }
            tell.accept(Finding.ok(
                            "through",
                            "the AI server answers GET " + PATH + " through the running proxy, by status "
                                    + answer.status() + "; no key was sent")
                    .since(start));
        } catch (SSLException e) {
            tell.accept(Finding.skip(
                    "through",
                    "the proxy's TLS cannot be spoken from here: " + e.getMessage()
                            + "; with LISTEN_TLS_CLIENT_CA it asks for a certificate"));
        } catch (IOException | GeneralSecurityException e) {
            tell.accept(Finding.fail(
                            "through",
                            "no answer to GET " + PATH + " through the running proxy: " + e.getMessage(),
                            "see what " + program + " logs access says")
                    .since(start));
        }
    }

    /** Whether tokens come one by one through it. This spends some, so it is done only if asked for. */
    void stream(ListenAddress proxy, LiveCall call) {
        long start = System.nanoTime();
        try (Socket connection = connect(proxy)) {
            HttpProbe answer = HttpProbe.ask(connection, call.request());
            if (answer.status() == 200) {
                tell.accept(call.verdict(answer.events(start)).since(start));
                return;
            }
            Optional<String> error = answer.proxyError();
            tell.accept(error.map(code -> failed("stream", answer.status(), code))
                    .orElseGet(() -> call.refused(answer.status()))
                    .since(start));
        } catch (IOException | GeneralSecurityException e) {
            tell.accept(Finding.fail(
                            "stream",
                            "the stream through the running proxy broke off: " + e.getMessage(),
                            "see what " + program + " logs access says")
                    .since(start));
        }
    }

    private static Finding failed(String check, int status, String code) {
        if (code.equals("token_required")) {
            return Finding.skip(check, "the proxy asks for a token (PROXY_TOKENS), and none was sent");
        }
        return Finding.fail(
                check,
                "the running proxy answers " + status + " " + code + " itself",
                "docs/failures.md tells what it means and what to do");
    }

    /** In TLS, whatever certificate it shows: it is a port of this machine, which its own state file names. */
    private static Socket connect(ListenAddress proxy) throws IOException, GeneralSecurityException {
        InetAddress address = proxy.isWildcard()
                ? InetAddress.getLoopbackAddress()
                : proxy.socket().getAddress();
        Socket connection = new Socket();
        try {
            connection.connect(new InetSocketAddress(address, proxy.socket().getPort()), CONNECT_MILLIS);
            connection.setSoTimeout((int) LONGEST_ANSWER.toMillis());
            return proxy.scheme().equals("https") ? TlsProbe.trustingAll().over(connection, "localhost") : connection;
        } catch (IOException | GeneralSecurityException e) {
            connection.close();
            throw e;
        }
    }
}
