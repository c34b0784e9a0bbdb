package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.NoProxyRule;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the settings about the way to the AI server mean together.
 *
 * @param clientCertificate what the AI server is shown
 * @param proxy what is on the way
 * @param noProxy what is reached without it
 */
record UpstreamSettings(
        Optional<ProxyConfig.ClientCertificate> clientCertificate, Optional<URI> proxy, List<NoProxyRule> noProxy) {

    /** Nothing on the way, and nothing to show. */
    static final UpstreamSettings DIRECT = new UpstreamSettings(Optional.empty(), Optional.empty(), List.of());

    /** @throws BadSettingException if one contradicts another, or the content of its file cannot be used */
    static UpstreamSettings of(Settings settings) throws BadSettingException {
        Optional<URI> proxy = proxy(settings);
        return new UpstreamSettings(
                TargetClientFiles.content(settings), proxy, proxy.isPresent() ? noProxy(settings) : List.of());
    }

    private static Optional<URI> proxy(Settings settings) throws BadSettingException {
        Optional<URI> written = settings.get(ConfigKey.UPSTREAM_PROXY);
        Optional<URI> inFile = settings.get(ConfigKey.UPSTREAM_PROXY_FILE);
        if (written.isPresent() && inFile.isPresent()) {
            throw new BadSettingException(
                    ConfigKey.UPSTREAM_PROXY, "must not be set together with UPSTREAM_PROXY_FILE; keep one of them");
        }
        return written.or(() -> inFile);
    }

    private static List<NoProxyRule> noProxy(Settings settings) throws BadSettingException {
        List<NoProxyRule> rules = new ArrayList<>();
        for (String rule : settings.get(ConfigKey.NO_PROXY)) {
            try {
                rules.add(NoProxyRule.of(rule));
            } catch (IllegalArgumentException e) {
                throw new BadSettingException(
                        ConfigKey.NO_PROXY,
                        "must be %s: '%s' is none"
                                .formatted(ConfigKey.NO_PROXY.type().allowed(), Shown.value(rule)),
                        e);
            }
        }
        return rules;
    }

    /** What is on the way to a host; empty if nothing is. */
    Optional<URI> proxyTo(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return proxy.filter(way -> noProxy.stream().noneMatch(rule -> rule.matches(name, port)));
    }

    void applyTo(ForwardProxyBuilder builder) {
        clientCertificate.ifPresent(shown -> builder.targetClientCertificate(shown.chain(), shown.key()));
        proxy.ifPresent(builder::upstreamProxy);
        builder.noProxy(noProxy);
    }
}
