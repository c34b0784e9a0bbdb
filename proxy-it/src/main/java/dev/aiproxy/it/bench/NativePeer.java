package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A proxy installed on this machine, with a configuration made from a template. */
record NativePeer(String name, List<String> versionCommand, String template, Lines lines, List<String> arguments)
        implements Peer {
    static final NativePeer NGINX = new NativePeer(
            "nginx",
            List.of("nginx", "-v"),
            "nginx.conf",
            new Lines(
                    "http2",
                    "proxy_ssl_verify on; proxy_ssl_trusted_certificate ${certificate}; proxy_ssl_name localhost;",
                    Optional.empty()),
            List.of("nginx", "-p", "${folder}", "-c", "${config}"));
    static final NativePeer HAPROXY = new NativePeer(
            "haproxy",
            List.of("haproxy", "-v"),
            "haproxy.cfg",
            new Lines(
                    "proto h2",
                    "ssl verify required ca-file ${certificate} verifyhost localhost",
                    Optional.of("alpn h2")),
            List.of("haproxy", "-db", "-f", "${config}"));
    static final NativePeer CADDY = new NativePeer(
            "caddy",
            List.of("caddy", "version"),
            "Caddyfile",
            new Lines("protocols h1 h2c", "tls_trusted_ca_certs ${certificate}", Optional.of("versions 2")),
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
    public Abilities abilities() {
        return new Abilities(true, lines.http2Upstream.isPresent());
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
        Options options = setup.options();
        String http2Upstream = options.http2Upstream() ? lines.http2Upstream.orElseThrow() : "";
        return text.replace("${http2}", options.clientProtocol().isHttp2() ? lines.http2Clients : "")
                .replace("${http2Upstream}", http2Upstream)
                .replace("${tls}", setup.tls().isPresent() ? lines.tls : "")
                .replace("${certificate}", certificate)
                .replace("${scheme}", setup.scheme())
                .replace("${folder}", setup.folder().toString())
                .replace("${upstreamPort}", Integer.toString(setup.upstreamPort()))
                .replace("${port}", Integer.toString(setup.port()));
    }

    /** What the template needs in addition: for clients that speak HTTP/2, for TLS to the upstream, and for HTTP/2 on that. */
    private record Lines(String http2Clients, String tls, Optional<String> http2Upstream) {}
}
