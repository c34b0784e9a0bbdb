package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A proxy installed on this machine, with a configuration made from a template. */
record NativePeer(String name, List<String> versionCommand, String template, String tlsLines, List<String> arguments)
        implements Peer {
    static final NativePeer NGINX = new NativePeer(
            "nginx",
            List.of("nginx", "-v"),
            "nginx.conf",
            "proxy_ssl_verify on; proxy_ssl_trusted_certificate ${certificate}; proxy_ssl_name localhost;",
            List.of("nginx", "-p", "${folder}", "-c", "${config}"));
    static final NativePeer HAPROXY = new NativePeer(
            "haproxy",
            List.of("haproxy", "-v"),
            "haproxy.cfg",
            "ssl verify required ca-file ${certificate} verifyhost localhost",
            List.of("haproxy", "-db", "-f", "${config}"));
    static final NativePeer CADDY = new NativePeer(
            "caddy",
            List.of("caddy", "version"),
            "Caddyfile",
            "tls_trusted_ca_certs ${certificate}",
            List.of("caddy", "run", "--adapter", "caddyfile", "--config", "${config}"));

    @Override
    public Optional<String> version() {
        try {
            return Commands.output(versionCommand).lines().findFirst();
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> command(Setup setup) throws IOException {
        Path config = setup.folder().resolve(template);
        Files.writeString(
                config, filled(Files.readString(setup.options().configs().resolve(template)), setup));
        return arguments.stream()
                .map(argument -> filled(argument, setup).replace("${config}", config.toString()))
                .toList();
    }

    private String filled(String text, Setup setup) {
        String certificate =
                setup.tls().map(made -> made.certificate().toString()).orElse("");
        return text.replace("${tls}", setup.tls().isPresent() ? tlsLines : "")
                .replace("${certificate}", certificate)
                .replace("${scheme}", setup.scheme())
                .replace("${folder}", setup.folder().toString())
                .replace("${upstreamPort}", Integer.toString(setup.upstreamPort()))
                .replace("${port}", Integer.toString(setup.port()));
    }
}
