package dev.aiproxy.it.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A main class of {@code src/bench}, built by itself since its libraries must not meet ours. It takes the port, the
 * upstream's URI, and the versions of HTTP to speak with that and with clients.
 */
record SeparateProgram(Path folder, String main) implements JavaPeer.Program {
    static JavaPeer vertx(Options options) {
        return peer("vertx", "VertxProxy", "vertx-http-proxy", Abilities.ALL, options);
    }

    static JavaPeer springGateway(Options options) {
        Abilities abilities = new Abilities(true, false);
        return peer("spring-gateway", "SpringGateway", "spring-cloud-gateway-server-webflux", abilities, options);
    }

    private static JavaPeer peer(String name, String main, String library, Abilities abilities, Options options) {
        SeparateProgram program = new SeparateProgram(options.built().resolve(name), main);
        return new JavaPeer(name, program.version(library), abilities, program);
    }

    /** That of a library on the class path. */
    private Optional<String> version(String library) {
        if (!Files.exists(classPathFile())) {
            return Optional.empty();
        }
        return List.of(libraries().split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).getFileName().toString().replaceFirst("\\.jar$", ""))
                .filter(entry -> entry.startsWith(library + "-"))
                .findFirst();
    }

    @Override
    public List<String> arguments(Peer.Setup setup) {
        String classPath = folder.resolve("classes") + File.pathSeparator + libraries();
        Options options = setup.options();
        return List.of(
                "-cp",
                classPath,
                main,
                Integer.toString(setup.port()),
                setup.upstream(),
                version(options.http2Upstream()),
                version(options.clientProtocol().isHttp2()));
    }

    private static String version(boolean http2) {
        return http2 ? "2" : "1.1";
    }

    private String libraries() {
        try {
            return Files.readString(classPathFile()).trim();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path classPathFile() {
        return folder.resolve("classpath");
    }
}
