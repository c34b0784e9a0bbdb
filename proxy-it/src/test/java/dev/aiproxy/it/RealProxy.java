package dev.aiproxy.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A proxy that others have written, in a process of its own on 127.0.0.1, killed when closed. */
final class RealProxy implements AutoCloseable {
    private static final String USER = "me";
    private static final String PASSWORD = "s3cret";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Kind kind;
    private final boolean asksForLogin;
    private final Process process;
    private final int port;
    private final Optional<TlsRelay> relay;

    /** What a proxy speaks, and who speaks it. */
    enum Kind {
        /** tinyproxy. */
        HTTP("tinyproxy"),
        /** tinyproxy behind TLS. */
        HTTPS("tinyproxy"),
        /** microsocks. */
        SOCKS5("microsocks");

        private final String program;

        Kind(String program) {
            this.program = program;
        }
    }

    private RealProxy(Kind kind, boolean asksForLogin, Process process, int port) {
        this.kind = kind;
        this.asksForLogin = asksForLogin;
        this.process = process;
        this.port = port;
        this.relay = kind == Kind.HTTPS ? Optional.of(TlsRelay.to(port)) : Optional.empty();
    }

    /**
     * Starts one.
     *
     * <p>Where its program is missing, the test that asks is shown as skipped; on a build server it fails instead.
     *
     * @param folder for its settings
     */
    static RealProxy start(Kind kind, boolean asksForLogin, Path folder) throws IOException {
        assumeTrue(System.getenv("CI") != null || isOnPath(kind.program), kind.program + " is not on the PATH");
        // Neither program can be told to take a free port and to say which.
        int port = FreePort.any();
        List<String> command =
                kind == Kind.SOCKS5 ? microsocks(port, asksForLogin) : tinyproxy(port, asksForLogin, folder);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("proxy.out").toFile())
                .start();
        Eventually.await(command + " to listen", PATIENCE, () -> isListening(port));
        return new RealProxy(kind, asksForLogin, process, port);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> microsocks(int port, boolean asksForLogin) {
        List<String> command = new ArrayList<>(List.of("microsocks", "-i", "127.0.0.1", "-p", String.valueOf(port)));
        if (asksForLogin) {
            command.addAll(List.of("-u", USER, "-P", PASSWORD));
        }
        return command;
    }

    private static List<String> tinyproxy(int port, boolean asksForLogin, Path folder) throws IOException {
        List<String> settings = new ArrayList<>(List.of("Port " + port, "Listen 127.0.0.1", "Timeout 60"));
        settings.addAll(List.of("Allow 127.0.0.1", "MaxClients 100", "DisableViaHeader Yes"));
        if (asksForLogin) {
            settings.add("BasicAuth " + USER + " " + PASSWORD);
        }
        Path file = folder.resolve("tinyproxy.conf");
        Files.write(file, settings);
        return List.of("tinyproxy", "-d", "-c", file.toString());
    }

    /** As a setting, with user and password if it asks for them. */
    URI uri() {
        return uri(asksForLogin ? USER + ":" + PASSWORD + "@" : "");
    }

    /** As a setting, with a password that it does not know. */
    URI uriOfAStranger() {
        return uri(USER + ":guess@");
    }

    /** As a setting, without a password. */
    URI uriOfNobody() {
        return uri("");
    }

    private URI uri(String login) {
        String scheme = kind.name().toLowerCase(Locale.ROOT);
        // The certificate of the relay is for this name.
        return URI.create(scheme + "://" + login + "localhost:"
                + relay.map(TlsRelay::port).orElse(port));
    }

    @Override
    public void close() {
        relay.ifPresent(TlsRelay::close);
        process.destroyForcibly();
        Eventually.await("the proxy to end", () -> !process.isAlive());
    }

    @Override
    public String toString() {
        return kind + (asksForLogin ? " with a password" : "");
    }
}
