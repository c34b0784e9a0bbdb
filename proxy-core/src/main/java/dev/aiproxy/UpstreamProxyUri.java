package dev.aiproxy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The form the address of an upstream proxy must have. Messages never hold its user or password. */
final class UpstreamProxyUri {

    private static final int MOST_SOCKS_BYTES = 255;

    private UpstreamProxyUri() {}

    static ProxyConfig.UpstreamProxy parsed(URI uri, List<NoProxyRule> noProxy) {
        ProxyConfig.UpstreamProxy.Protocol protocol = protocol(uri);
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw refused("it must name a host");
        }
        if (uri.getPort() < 1 || uri.getPort() > 65_535) {
            throw refused("it must have a port from 1 to 65535");
        }
        boolean isRoot = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
        if (!isRoot || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused("it must have no path, query or fragment");
        }
        Optional<ProxyConfig.ProxyLogin> login =
                Optional.ofNullable(uri.getRawUserInfo()).map(userInfo -> login(userInfo, protocol));
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return new ProxyConfig.UpstreamProxy(protocol, host, uri.getPort(), login, noProxy);
    }

    private static ProxyConfig.UpstreamProxy.Protocol protocol(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "http" -> ProxyConfig.UpstreamProxy.Protocol.HTTP;
            case "https" -> ProxyConfig.UpstreamProxy.Protocol.HTTPS;
            case "socks5", "socks5h" -> ProxyConfig.UpstreamProxy.Protocol.SOCKS5;
            default -> throw refused("its scheme must be http, https or socks5");
        };
    }

    private static ProxyConfig.ProxyLogin login(String userInfo, ProxyConfig.UpstreamProxy.Protocol protocol) {
        int colon = userInfo.indexOf(':');
        String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
        if (user.isEmpty()) {
            throw refused("its user must not be empty");
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw refused("its user and password must have no control characters");
        }
        if (protocol == ProxyConfig.UpstreamProxy.Protocol.SOCKS5) {
            if (!isForSocks(user) || !isForSocks(password)) {
                throw refused("its user and password must have 1 to 255 bytes each for socks5");
            }
        } else if (user.contains(":")) {
            // RFC 7617 §2.
            throw refused("its user must have no colon");
        }
        return new ProxyConfig.ProxyLogin(user, password);
    }

    private static boolean isForSocks(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length > 0 && length <= MOST_SOCKS_BYTES;
    }

    /** Percent-escapes are UTF-8; a plus is a plus. */
    private static String decoded(String escaped) {
        return Optional.ofNullable(URI.create("x:///?" + escaped).getQuery()).orElse("");
    }

    private static IllegalArgumentException refused(String rule) {
        return new IllegalArgumentException("upstream proxy is wrong: " + rule);
    }
}
