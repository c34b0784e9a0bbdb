package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Does once what a proxy does between its start and its end, so that all classes of that are loaded. */
final class Training {

    private static final String REQUEST = """
            POST %s HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer none\r
            Content-Type: application/json\r
            Connection: close\r
            Content-Length: %d\r
            \r
            %s""".formatted(DemoUpstream.CHAT_PATH, DemoCall.BODY.length(), DemoCall.BODY);

    private Training() {}

    /** Returns whether all went well. */
    static boolean run() throws IOException {
        Path home = Files.createTempDirectory("ai-proxy");
        try (DemoUpstream upstream = DemoUpstream.start()) {
            String port = Integer.toString(upstream.uri().getPort());
            return start(home, stop -> stop.run(), "--target-host=localhost", "--target-port=" + port)
                    && start(
                            home,
                            stop -> serve(home, stop),
                            "--target-protocol=http",
                            "--target-host=127.0.0.1",
                            "--target-port=" + port);
        } finally {
            delete(home);
        }
    }

    private static boolean start(Path home, Lifetime lifetime, String... target) {
        List<String> arguments = new ArrayList<>(List.of("run", "--home=" + home));
        arguments.addAll(List.of("--listen-host=127.0.0.1", "--listen-port=0"));
        arguments.addAll(List.of(target));
        return verb(home, lifetime, arguments) == ExitCode.OK;
    }

    private static int verb(Path home, Lifetime lifetime, List<String> arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Surroundings own = new Surroundings(Map.of(), home, nowhere, nowhere, lifetime, Optional.empty());
        return Main.run(arguments.toArray(String[]::new), own);
    }

    private static void serve(Path home, Lifetime.Stop stop) {
        ListenAddress proxy = new HomeProxy(home).state().address().orElseThrow();
        try (Socket client =
                new Socket(proxy.socket().getAddress(), proxy.socket().getPort())) {
            client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.UTF_8));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
            verb(home, Lifetime.Stop::run, List.of("check"));
        } catch (IOException e) {
            throw new VerbFailedException("the proxy did not answer", e);
        } finally {
            stop.run();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
