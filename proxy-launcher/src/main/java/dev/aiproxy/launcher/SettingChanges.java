package dev.aiproxy.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is different between the settings of a proxy that runs and those it is to have. */
final class SettingChanges {

    /** What a socket is bound and a connection begins with, and where the traces of what is in flight go. */
    private static final List<ConfigKey<?>> FIXED = List.of(
            ConfigKey.LISTEN_HOST,
            ConfigKey.LISTEN_PORT,
            ConfigKey.LISTEN_HTTP2,
            ConfigKey.ADMIN_HOST,
            ConfigKey.ADMIN_PORT,
            ConfigKey.OTEL_EXPORTER_OTLP_ENDPOINT,
            ConfigKey.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
            ConfigKey.OTEL_EXPORTER_OTLP_HEADERS,
            ConfigKey.OTEL_EXPORTER_OTLP_TIMEOUT,
            ConfigKey.OTEL_SERVICE_NAME,
            ConfigKey.OTEL_RESOURCE_ATTRIBUTES,
            ConfigKey.OTEL_TRACES_SAMPLER,
            ConfigKey.OTEL_TRACES_SAMPLER_ARG,
            ConfigKey.TRACE_PROPAGATION);

    private SettingChanges() {}

    /** What cannot change while the proxy runs, one line each. */
    static List<String> refused(Settings now, Settings changed) {
        List<String> problems = new ArrayList<>();
        for (ConfigKey<?> key : FIXED) {
            if (!now.get(key).equals(changed.get(key))) {
                problems.add(refusal(key, now, changed));
            }
        }
        if (now.listenTls().isPresent() != changed.listenTls().isPresent()) {
            problems.add(refusal(ConfigKey.LISTEN_TLS_CERT, now, changed));
        }
        return problems;
    }

    private static String refusal(ConfigKey<?> key, Settings now, Settings changed) {
        SettingText written = changed.written(key);
        return "%s: %s is '%s', cannot change from '%s' while the proxy runs; restart it instead"
                .formatted(written.origin(), key, shown(key, written), shown(key, now.written(key)));
    }

    private static String shown(ConfigKey<?> key, SettingText written) {
        return Shown.value(key.shown(written.text()));
    }

    /** What each setting was and is, such as {@code MAX_STREAMS 8192 -> 100}; secrets are not shown. */
    static List<String> between(Settings now, Settings changed) {
        List<String> changes = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKey.ALL) {
            change(key, now, changed).ifPresent(changes::add);
        }
        return changes;
    }

    private static Optional<String> change(ConfigKey<?> key, Settings now, Settings changed) {
        String before = now.written(key).text();
        String after = changed.written(key).text();
        if (before.equals(after)) {
            boolean isSame = content(now.get(key)).equals(content(changed.get(key)));
            return isSame ? Optional.empty() : Optional.of(key + " read anew");
        }
        String from = shown(key, before);
        String to = shown(key, after);
        return Optional.of(from.equals(to) ? key + " changed" : key + " " + from + " -> " + to);
    }

    private static String shown(ConfigKey<?> key, String text) {
        return text.isEmpty() ? "none" : Shown.value(key.shown(text));
    }

    /** A file that was written again as it was has not changed. */
    private static Object content(Object value) {
        boolean isFile = value instanceof Optional<?> file && file.orElse(null) instanceof PemFile;
        return isFile ? ((PemFile) ((Optional<?>) value).orElseThrow()).blocks() : value;
    }
}
