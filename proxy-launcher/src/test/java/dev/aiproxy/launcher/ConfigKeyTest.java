package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeyTest {

    @Test
    void defaults() {
        Map<String, String> defaults =
                ConfigKey.ALL.stream().collect(Collectors.toMap(ConfigKey::name, ConfigKey::defaultText));

        assertThat(defaults)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("TARGET_HOST", "api.openai.com"),
                        Map.entry("TARGET_PORT", "443"),
                        Map.entry("TARGET_PROTOCOL", "https"),
                        Map.entry("TARGET_HTTP_VERSION", "1.1"),
                        Map.entry("TARGET_CA_FILE", ""),
                        Map.entry("TARGET_TLS_VERIFY", "true"),
                        Map.entry("TARGET_CLIENT_CERT", ""),
                        Map.entry("TARGET_CLIENT_KEY", ""),
                        Map.entry("TARGET_CLIENT_KEY_PASSWORD", ""),
                        Map.entry("UPSTREAM_PROXY", ""),
                        Map.entry("UPSTREAM_PROXY_FILE", ""),
                        Map.entry("NO_PROXY", ""),
                        Map.entry("FORWARD_ALLOW", ""),
                        Map.entry("LISTEN_HOST", "0.0.0.0"),
                        Map.entry("LISTEN_PORT", "8080"),
                        Map.entry("LISTEN_TLS_CERT", ""),
                        Map.entry("LISTEN_TLS_KEY", ""),
                        Map.entry("LISTEN_TLS_KEY_PASSWORD", ""),
                        Map.entry("LISTEN_TLS_CLIENT_CA", ""),
                        Map.entry("LISTEN_HTTP2", "true"),
                        Map.entry("CONNECT_TIMEOUT", "10s"),
                        Map.entry("FIRST_BYTE_TIMEOUT", "none"),
                        Map.entry("STREAM_IDLE_TIMEOUT", "1h"),
                        Map.entry("CLIENT_IDLE_TIMEOUT", "2m"),
                        Map.entry("HEADER_TIMEOUT", "20s"),
                        Map.entry("DRAIN_TIMEOUT", "30s"),
                        Map.entry("MAX_HEADER_BYTES", "64k"),
                        Map.entry("MAX_STREAMS", "8192"),
                        Map.entry("MAX_CONNECTIONS", "16384"),
                        Map.entry("REPLAY_BUFFER", "64k"),
                        Map.entry("ALLOW_HALF_CLOSE", "false"),
                        Map.entry("ALLOWED_CLIENTS", ""),
                        Map.entry("PROXY_TOKENS", ""),
                        Map.entry("PROXY_TOKENS_FILE", ""),
                        Map.entry("TARGET_API_KEY", ""),
                        Map.entry("TARGET_API_KEY_FILE", ""),
                        Map.entry("TARGET_API_KEY_HEADER", "Authorization"),
                        Map.entry("ORIGIN", "keep"),
                        Map.entry("AI_INSIGHT", "on"),
                        Map.entry("LOG_DIR", "logs"),
                        Map.entry("LOG_FORMAT", "text"),
                        Map.entry("ACCESS_LOG_MAX_SIZE", "50m"),
                        Map.entry("ACCESS_LOG_KEEP_DAYS", "14"),
                        Map.entry("ACCESS_LOG_KEEP_SIZE", "1g"),
                        Map.entry("LOG_LEVEL", "info"),
                        Map.entry("ADMIN_HOST", "127.0.0.1"),
                        Map.entry("ADMIN_PORT", "off"),
                        Map.entry("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
                        Map.entry("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""),
                        Map.entry("OTEL_EXPORTER_OTLP_HEADERS", ""),
                        Map.entry("OTEL_EXPORTER_OTLP_TIMEOUT", "10000"),
                        Map.entry("OTEL_SERVICE_NAME", ""),
                        Map.entry("OTEL_RESOURCE_ATTRIBUTES", ""),
                        Map.entry("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
                        Map.entry("OTEL_TRACES_SAMPLER_ARG", ""),
                        Map.entry("TRACE_PROPAGATION", "off"),
                        Map.entry("RELOAD", "off")));
    }

    @Test
    void meansTheSameByDefaultAsTheLibrary(@TempDir Path home) {
        Settings settings = new SettingsLoader(home, Map.of()).load(GivenFlags.none());

        assertThat(ProxyAssembly.builder(settings).build().config())
                .isEqualTo(ForwardProxy.builder().build().config());
    }

    @Test
    void spellsTheFlagLikeTheName() {
        assertThat(ConfigKey.TARGET_TLS_VERIFY.flag()).isEqualTo("--target-tls-verify");
    }
}
