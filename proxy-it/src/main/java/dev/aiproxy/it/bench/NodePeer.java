package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy of Node, a script beside the packages that npm installed for it. */
record NodePeer(String name, Path script, String library) implements Peer {
    private static final Pattern VERSION = Pattern.compile("\"version\": *\"([^\"]+)\"");

    static NodePeer httpProxy(Options options) {
        Path script = options.configs().resolve("node-http-proxy/proxy.mjs").toAbsolutePath();
        return new NodePeer("node-http-proxy", script, "http-proxy");
    }

    @Override
    public Optional<String> version() {
        Path about = script.resolveSibling("node_modules").resolve(library).resolve("package.json");
        try {
            Matcher version = VERSION.matcher(Files.readString(about));
            String node = Commands.output(List.of("node", "--version")).trim();
            return version.find() ? Optional.of(library + " " + version.group(1) + ", Node " + node) : Optional.empty();
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }

    /** Node's HTTP/2 has an interface of its own, which the library does not use. */
    @Override
    public Abilities abilities() {
        return new Abilities(false, false);
    }

    @Override
    public List<String> command(Setup setup) {
        List<String> command = new ArrayList<>(List.of("env"));
        setup.tls().ifPresent(certificates -> command.add("NODE_EXTRA_CA_CERTS=" + certificates.certificate()));
        command.addAll(List.of("node", script.toString(), Integer.toString(setup.port()), setup.upstream()));
        return command;
    }
}
