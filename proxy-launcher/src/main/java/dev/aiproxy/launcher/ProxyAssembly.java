package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.OriginField;
import dev.aiproxy.TargetHttpVersion;
import java.net.URI;
import java.util.Locale;

/** Carries the settings over to a builder. */
final class ProxyAssembly {

    private ProxyAssembly() {}

    static ForwardProxyBuilder builder(Settings settings) {
        ForwardProxyBuilder builder = behaviour(settings)
                .target(target(settings))
                .targetHttpVersion(httpVersion(settings.get(ConfigKey.TARGET_HTTP_VERSION)))
                .targetCa(settings.get(ConfigKey.TARGET_CA_FILE))
                .targetTlsVerify(settings.get(ConfigKey.TARGET_TLS_VERIFY))
                .forwardAllow(settings.get(ConfigKey.FORWARD_ALLOW))
                .listen(settings.get(ConfigKey.LISTEN_HOST), settings.get(ConfigKey.LISTEN_PORT));
        settings.listenTls().ifPresent(tls -> tls.applyTo(builder));
        settings.upstream().applyTo(builder);
        return AccessSettings.carry(settings, builder);
    }

    /** How exchanges are treated, whoever makes them and wherever they go: the rest is left as a builder has it. */
    static ForwardProxyBuilder behaviour(Settings settings) {
        return ForwardProxy.builder()
                .listenHttp2(settings.get(ConfigKey.LISTEN_HTTP2))
                .connectTimeout(settings.get(ConfigKey.CONNECT_TIMEOUT))
                .firstByteTimeout(settings.get(ConfigKey.FIRST_BYTE_TIMEOUT))
                .streamIdleTimeout(settings.get(ConfigKey.STREAM_IDLE_TIMEOUT))
                .clientIdleTimeout(settings.get(ConfigKey.CLIENT_IDLE_TIMEOUT))
                .headerTimeout(settings.get(ConfigKey.HEADER_TIMEOUT))
                .drainTimeout(settings.get(ConfigKey.DRAIN_TIMEOUT))
                .maxHeaderBytes(settings.get(ConfigKey.MAX_HEADER_BYTES))
                .maxStreams(settings.get(ConfigKey.MAX_STREAMS))
                .maxConnections(settings.get(ConfigKey.MAX_CONNECTIONS))
                .replayBuffer(settings.get(ConfigKey.REPLAY_BUFFER))
                .allowHalfClose(settings.get(ConfigKey.ALLOW_HALF_CLOSE))
                .aiInsight(settings.get(ConfigKey.AI_INSIGHT).equals("on"))
                .origin(OriginField.valueOf(settings.get(ConfigKey.ORIGIN).toUpperCase(Locale.ROOT)));
    }

    private static TargetHttpVersion httpVersion(String text) {
        return switch (text) {
            case "2" -> TargetHttpVersion.HTTP_2;
            case "auto" -> TargetHttpVersion.AUTO;
            default -> TargetHttpVersion.HTTP_1_1;
        };
    }

    static URI target(Settings settings) {
        String host = settings.get(ConfigKey.TARGET_HOST);
        String authority = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(settings.get(ConfigKey.TARGET_PROTOCOL) + "://" + authority + ":"
                + settings.get(ConfigKey.TARGET_PORT));
    }
}
