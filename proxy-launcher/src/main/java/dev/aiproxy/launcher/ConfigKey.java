package dev.aiproxy.launcher;

import dev.aiproxy.ForwardRule;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One setting: its name, its default, what it may be, and what it does. The flags, the checks, the help and
 * {@code config} all come from {@link #ALL}, so a setting is added here, as a constant and there, and nowhere else.
 */
final class ConfigKey<T> {

    static final ConfigKey<String> TARGET_HOST =
            new ConfigKey<>("TARGET_HOST", "api.openai.com", ValueTypes.HOST, "host of the AI server");

    static final ConfigKey<Integer> TARGET_PORT = new ConfigKey<>(
            "TARGET_PORT",
            "443",
            ValueTypes.wholeNumber(1, 65_535),
            "port of the AI server; 80 unless set when TARGET_PROTOCOL is http");

    static final ConfigKey<String> TARGET_PROTOCOL = new ConfigKey<>(
            "TARGET_PROTOCOL", "https", ValueTypes.choice("https", "http"), "how the AI server is spoken to");

    static final ConfigKey<String> TARGET_HTTP_VERSION = new ConfigKey<>(
            "TARGET_HTTP_VERSION",
            "1.1",
            ValueTypes.choice("1.1", "auto", "2"),
            "HTTP version towards the AI server: 1.1, 2, or auto, which is 2 if an https one agrees to it");

    static final ConfigKey<String> LISTEN_HOST =
            new ConfigKey<>("LISTEN_HOST", "0.0.0.0", ValueTypes.HOST, "address to listen on; 0.0.0.0 is all of them");

    static final ConfigKey<Integer> LISTEN_PORT = new ConfigKey<>(
            "LISTEN_PORT", "8080", ValueTypes.wholeNumber(0, 65_535), "port to listen on; 0 takes a free one");

    static final ConfigKey<Optional<PemFile>> LISTEN_TLS_CERT = new ConfigKey<>(
            "LISTEN_TLS_CERT",
            "",
            ValueTypes.certificateChainFile("LISTEN_TLS_KEY"),
            "certificate (PEM) to show to clients, its chain behind it; turns TLS on");

    static final ConfigKey<Optional<PemFile>> LISTEN_TLS_KEY =
            new ConfigKey<>("LISTEN_TLS_KEY", "", ValueTypes.PRIVATE_KEY_FILE, "private key (PEM) of LISTEN_TLS_CERT");

    static final ConfigKey<String> LISTEN_TLS_KEY_PASSWORD = new ConfigKey<>(
            "LISTEN_TLS_KEY_PASSWORD", "", ValueTypes.SECRET, "opens LISTEN_TLS_KEY if that is encrypted");

    static final ConfigKey<Optional<PemFile>> LISTEN_TLS_CLIENT_CA = new ConfigKey<>(
            "LISTEN_TLS_CLIENT_CA",
            "",
            ValueTypes.AUTHORITY_FILE,
            "certificates (PEM), one of which must have signed each client's certificate");

    static final ConfigKey<Boolean> LISTEN_HTTP2 = new ConfigKey<>(
            "LISTEN_HTTP2", "true", ValueTypes.SWITCH, "whether clients may speak HTTP/2 besides HTTP/1.1");

    static final ConfigKey<List<X509Certificate>> TARGET_CA_FILE = new ConfigKey<>(
            "TARGET_CA_FILE",
            "",
            ValueTypes.CERTIFICATE_FILE,
            "certificates (PEM) to trust for the AI server besides the system's");

    static final ConfigKey<Boolean> TARGET_TLS_VERIFY = new ConfigKey<>(
            "TARGET_TLS_VERIFY", "true", ValueTypes.SWITCH, "whether the AI server's certificate is checked");

    static final ConfigKey<Optional<PemFile>> TARGET_CLIENT_CERT = new ConfigKey<>(
            "TARGET_CLIENT_CERT",
            "",
            ValueTypes.certificateChainFile("TARGET_CLIENT_KEY"),
            "certificate (PEM) to show to the AI server, its chain behind it");

    static final ConfigKey<Optional<PemFile>> TARGET_CLIENT_KEY = new ConfigKey<>(
            "TARGET_CLIENT_KEY", "", ValueTypes.PRIVATE_KEY_FILE, "private key (PEM) of TARGET_CLIENT_CERT");

    static final ConfigKey<String> TARGET_CLIENT_KEY_PASSWORD = new ConfigKey<>(
            "TARGET_CLIENT_KEY_PASSWORD", "", ValueTypes.SECRET, "opens TARGET_CLIENT_KEY if that is encrypted");

    static final ConfigKey<Optional<URI>> UPSTREAM_PROXY = new ConfigKey<>(
            "UPSTREAM_PROXY", "", UpstreamProxyTypes.PROXY, "proxy on the way to the AI server and all other hosts");

    static final ConfigKey<Optional<URI>> UPSTREAM_PROXY_FILE = new ConfigKey<>(
            "UPSTREAM_PROXY_FILE", "", UpstreamProxyTypes.PROXY_FILE, "file with what would stand in UPSTREAM_PROXY");

    static final ConfigKey<List<String>> NO_PROXY = new ConfigKey<>(
            "NO_PROXY", "", UpstreamProxyTypes.RULES, "hosts that are reached without UPSTREAM_PROXY, as curl has it");

    static final ConfigKey<List<ForwardRule>> FORWARD_ALLOW = new ConfigKey<>(
            "FORWARD_ALLOW",
            "",
            ValueTypes.FORWARD_RULES,
            "hosts that clients may reach besides the target, by absolute-form or CONNECT");

    static final ConfigKey<Duration> CONNECT_TIMEOUT = new ConfigKey<>(
            "CONNECT_TIMEOUT",
            "10s",
            ValueTypes.DURATION_OR_NONE,
            "longest wait for a connection to the AI server, TLS included");

    static final ConfigKey<Duration> FIRST_BYTE_TIMEOUT = new ConfigKey<>(
            "FIRST_BYTE_TIMEOUT",
            "none",
            ValueTypes.DURATION_OR_NONE,
            "longest wait for the answer to begin; models may think for long");

    static final ConfigKey<Duration> STREAM_IDLE_TIMEOUT = new ConfigKey<>(
            "STREAM_IDLE_TIMEOUT", "1h", ValueTypes.DURATION_OR_NONE, "longest silence within an exchange");

    static final ConfigKey<Duration> CLIENT_IDLE_TIMEOUT = new ConfigKey<>(
            "CLIENT_IDLE_TIMEOUT",
            "2m",
            ValueTypes.DURATION_OR_NONE,
            "longest time a client may keep a connection without a request");

    static final ConfigKey<Duration> HEADER_TIMEOUT = new ConfigKey<>(
            "HEADER_TIMEOUT", "20s", ValueTypes.DURATION_OR_NONE, "longest time a client may take for a request head");

    static final ConfigKey<Duration> DRAIN_TIMEOUT = new ConfigKey<>(
            "DRAIN_TIMEOUT",
            "30s",
            ValueTypes.DURATION_OR_NONE,
            "how long streams may go on when the proxy is stopped; none tears them");

    static final ConfigKey<Integer> MAX_HEADER_BYTES = new ConfigKey<>(
            "MAX_HEADER_BYTES",
            "64k",
            ValueTypes.sizeInBytes(1024, 1024 * 1024),
            "largest head of a request or a response");

    static final ConfigKey<Integer> MAX_STREAMS =
            new ConfigKey<>("MAX_STREAMS", "8192", ValueTypes.wholeNumber(1, 1_000_000), "most exchanges at once");

    static final ConfigKey<Integer> MAX_CONNECTIONS = new ConfigKey<>(
            "MAX_CONNECTIONS", "16384", ValueTypes.wholeNumber(1, 1_000_000), "most client connections at once");

    static final ConfigKey<Integer> REPLAY_BUFFER = new ConfigKey<>(
            "REPLAY_BUFFER",
            "64k",
            ValueTypes.sizeInBytes(0, 16 * 1024 * 1024),
            "how much of a body is kept to be sent again on a fresh connection");

    static final ConfigKey<Boolean> ALLOW_HALF_CLOSE = new ConfigKey<>(
            "ALLOW_HALF_CLOSE",
            "false",
            ValueTypes.SWITCH,
            "whether a client that has ended its side still waits for its response");

    static final ConfigKey<List<String>> ALLOWED_CLIENTS = new ConfigKey<>(
            "ALLOWED_CLIENTS",
            "",
            AccessTypes.ADDRESSES,
            "the only clients that may use the proxy, as in 192.168.0.0/16, fd00::/8; empty for everyone");

    static final ConfigKey<Map<String, String>> PROXY_TOKENS = new ConfigKey<>(
            "PROXY_TOKENS",
            "",
            AccessTypes.TOKENS,
            "tokens that clients must send, as in ann:TOKEN, bob:sha256:HASH; empty for none");

    static final ConfigKey<Map<String, String>> PROXY_TOKENS_FILE =
            new ConfigKey<>("PROXY_TOKENS_FILE", "", AccessTypes.TOKEN_FILE, "file with such tokens, one a line");

    static final ConfigKey<String> TARGET_API_KEY = new ConfigKey<>(
            "TARGET_API_KEY", "", AccessTypes.API_KEY, "key that replaces the one that clients send; empty for theirs");

    static final ConfigKey<String> TARGET_API_KEY_FILE =
            new ConfigKey<>("TARGET_API_KEY_FILE", "", AccessTypes.API_KEY_FILE, "file with that key");

    static final ConfigKey<String> TARGET_API_KEY_HEADER = new ConfigKey<>(
            "TARGET_API_KEY_HEADER",
            "Authorization",
            AccessTypes.FIELD_NAME,
            "where the AI server wants it: Authorization (as Bearer), x-api-key, api-key or another");

    static final ConfigKey<String> ORIGIN = new ConfigKey<>(
            "ORIGIN",
            "keep",
            ValueTypes.choice("keep", "drop", "target"),
            "what becomes of the Origin field of browsers: keep, drop or target, which makes it the AI server's own");

    static final ConfigKey<String> AI_INSIGHT = new ConfigKey<>(
            "AI_INSIGHT",
            "on",
            ValueTypes.choice("on", "off"),
            "whether answers are read in passing, for the model, its tokens and whether all of it came: on or off");

    static final ConfigKey<Path> LOG_DIR =
            new ConfigKey<>("LOG_DIR", "logs", ValueTypes.FOLDER, "folder of proxy.log and access.log");

    static final ConfigKey<String> LOG_FORMAT = new ConfigKey<>(
            "LOG_FORMAT", "text", ValueTypes.choice("text", "json"), "form of access.log: text or json");

    static final ConfigKey<Long> ACCESS_LOG_MAX_SIZE = new ConfigKey<>(
            "ACCESS_LOG_MAX_SIZE",
            "50m",
            ValueTypes.largeSizeInBytes(64 << 10, 1L << 30),
            "size at which access.log begins anew, besides each midnight");

    static final ConfigKey<Integer> ACCESS_LOG_KEEP_DAYS = new ConfigKey<>(
            "ACCESS_LOG_KEEP_DAYS",
            "14",
            ValueTypes.wholeNumber(1, 3650),
            "how many days of access.log are kept, compressed");

    static final ConfigKey<Long> ACCESS_LOG_KEEP_SIZE = new ConfigKey<>(
            "ACCESS_LOG_KEEP_SIZE",
            "1g",
            ValueTypes.largeSizeInBytes(64 << 10, 1L << 40),
            "how much of access.log is kept at most, whatever its age");

    static final ConfigKey<String> LOG_LEVEL = new ConfigKey<>(
            "LOG_LEVEL",
            "info",
            ValueTypes.choice("error", "warn", "info", "debug"),
            "how much goes to proxy.log: error, warn, info or debug");

    static final ConfigKey<String> ADMIN_HOST =
            new ConfigKey<>("ADMIN_HOST", "127.0.0.1", ValueTypes.HOST, "address that ADMIN_PORT is opened on");

    static final ConfigKey<Optional<Integer>> ADMIN_PORT = new ConfigKey<>(
            "ADMIN_PORT",
            "off",
            ValueTypes.PORT_OR_OFF,
            "port with the proxy's health, metrics and live page; 0 takes a free one; off, none");

    static final ConfigKey<Optional<URI>> OTEL_EXPORTER_OTLP_ENDPOINT = new ConfigKey<>(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "",
            TraceTypes.ENDPOINT,
            "OpenTelemetry collector that gets a span of each exchange, by OTLP over HTTP at /v1/traces below this");

    static final ConfigKey<Optional<URI>> OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = new ConfigKey<>(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "",
            TraceTypes.ENDPOINT,
            "the same as a whole URL, which goes before it");

    static final ConfigKey<String> OTEL_EXPORTER_OTLP_HEADERS = new ConfigKey<>(
            "OTEL_EXPORTER_OTLP_HEADERS", "", TraceTypes.HEADERS, "header fields that the collector wants");

    static final ConfigKey<String> OTEL_EXPORTER_OTLP_TIMEOUT = new ConfigKey<>(
            "OTEL_EXPORTER_OTLP_TIMEOUT", "10000", TraceTypes.MILLISECONDS, "longest wait for the collector's answer");

    static final ConfigKey<String> OTEL_SERVICE_NAME = new ConfigKey<>(
            "OTEL_SERVICE_NAME", "", TraceTypes.NAME, "what traces call this proxy; ai-proxy unless set");

    static final ConfigKey<String> OTEL_RESOURCE_ATTRIBUTES =
            new ConfigKey<>("OTEL_RESOURCE_ATTRIBUTES", "", TraceTypes.ATTRIBUTES, "what else they tell of it");

    static final ConfigKey<String> OTEL_TRACES_SAMPLER = new ConfigKey<>(
            "OTEL_TRACES_SAMPLER", "parentbased_always_on", TraceTypes.SAMPLER, "which traces are told of");

    static final ConfigKey<String> OTEL_TRACES_SAMPLER_ARG = new ConfigKey<>(
            "OTEL_TRACES_SAMPLER_ARG", "", TraceTypes.RATIO, "how many of them, with a sampler that goes by a ratio");

    static final ConfigKey<String> TRACE_PROPAGATION = new ConfigKey<>(
            "TRACE_PROPAGATION",
            "off",
            ValueTypes.choice("off", "on"),
            "on puts the proxy's span into the traceparent that the AI server gets; off passes on the client's alone");

    static final ConfigKey<String> RELOAD = new ConfigKey<>(
            "RELOAD",
            "off",
            ValueTypes.choice("off", "auto"),
            "auto reads config.env and the files it names again when they change; off, only when told to");

    /** Every setting, in the order they are shown in. */
    static final List<ConfigKey<?>> ALL = List.of(
            TARGET_HOST,
            TARGET_PORT,
            TARGET_PROTOCOL,
            TARGET_HTTP_VERSION,
            TARGET_CA_FILE,
            TARGET_TLS_VERIFY,
            TARGET_CLIENT_CERT,
            TARGET_CLIENT_KEY,
            TARGET_CLIENT_KEY_PASSWORD,
            UPSTREAM_PROXY,
            UPSTREAM_PROXY_FILE,
            NO_PROXY,
            FORWARD_ALLOW,
            LISTEN_HOST,
            LISTEN_PORT,
            LISTEN_TLS_CERT,
            LISTEN_TLS_KEY,
            LISTEN_TLS_KEY_PASSWORD,
            LISTEN_TLS_CLIENT_CA,
            LISTEN_HTTP2,
            CONNECT_TIMEOUT,
            FIRST_BYTE_TIMEOUT,
            STREAM_IDLE_TIMEOUT,
            CLIENT_IDLE_TIMEOUT,
            HEADER_TIMEOUT,
            DRAIN_TIMEOUT,
            MAX_HEADER_BYTES,
            MAX_STREAMS,
            MAX_CONNECTIONS,
            REPLAY_BUFFER,
            ALLOW_HALF_CLOSE,
            ALLOWED_CLIENTS,
            PROXY_TOKENS,
            PROXY_TOKENS_FILE,
            TARGET_API_KEY,
            TARGET_API_KEY_FILE,
            TARGET_API_KEY_HEADER,
            ORIGIN,
            AI_INSIGHT,
            LOG_DIR,
            LOG_FORMAT,
            ACCESS_LOG_MAX_SIZE,
            ACCESS_LOG_KEEP_DAYS,
            ACCESS_LOG_KEEP_SIZE,
            LOG_LEVEL,
            ADMIN_HOST,
            ADMIN_PORT,
            OTEL_EXPORTER_OTLP_ENDPOINT,
            OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
            OTEL_EXPORTER_OTLP_HEADERS,
            OTEL_EXPORTER_OTLP_TIMEOUT,
            OTEL_SERVICE_NAME,
            OTEL_RESOURCE_ATTRIBUTES,
            OTEL_TRACES_SAMPLER,
            OTEL_TRACES_SAMPLER_ARG,
            TRACE_PROPAGATION,
            RELOAD);

    private final String name;
    private final String defaultText;
    private final ValueType<T> type;
    private final String meaning;

    private ConfigKey(String name, String defaultText, ValueType<T> type, String meaning) {
        this.name = name;
        this.defaultText = defaultText;
        this.type = type;
        this.meaning = meaning;
    }

    /** The setting of this name, spelt exactly so. */
    static Optional<ConfigKey<?>> named(String name) {
        return ALL.stream().filter(key -> key.name.equals(name)).findFirst();
    }

    /** As in config.env and in the environment, such as {@code LISTEN_PORT}. */
    String name() {
        return name;
    }

    /** As on the command line, such as {@code --listen-port}. */
    String flag() {
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String defaultText() {
        return defaultText;
    }

    ValueType<T> type() {
        return type;
    }

    /** A text of this setting, fit to be shown. */
    String shown(String text) {
        return text.isEmpty() ? text : type.shown().apply(text);
    }

    /** Whether a text of this setting says something that must not be shown. */
    boolean isSecret(String text) {
        return !shown(text).equals(text);
    }

    /** One line for the help. */
    String meaning() {
        return meaning;
    }

    @Override
    public String toString() {
        return name;
    }
}
