package dev.aiproxy.launcher;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the settings about traces mean together.
 *
 * @param endpoint what spans are posted to
 * @param headers fields that go with them; a secret
 * @param timeout longest wait for an answer
 * @param resource what is told of this process, {@code service.name} among it
 * @param sampler one of {@link TraceTypes#SAMPLERS}
 * @param ratio of the traces that are told of, where the sampler goes by one; 0 to 1
 * @param propagates whether requests to the AI server name the span of the proxy as their parent
 */
record TraceSettings(
        URI endpoint,
        Map<String, String> headers,
        Duration timeout,
        Map<String, String> resource,
        String sampler,
        double ratio,
        boolean propagates) {

    private static final String SERVICE_NAME = "service.name";
    private static final int LONGEST_TIMEOUT_MILLIS = 600_000;

    /** Copies the maps. */
    TraceSettings {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /**
     * Empty if no traces are asked for; then nothing else is looked at.
     *
     * @throws BadSettingException if one cannot be used
     */
    static Optional<TraceSettings> of(Settings settings) throws BadSettingException {
        Optional<URI> endpoint = endpoint(settings);
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TraceSettings(
                endpoint.get(),
                headers(settings),
                timeout(settings),
                resource(settings),
                sampler(settings),
                ratio(settings),
                settings.get(ConfigKey.TRACE_PROPAGATION).equals("on")));
    }

    private static Optional<URI> endpoint(Settings settings) {
        return settings.get(ConfigKey.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
                .or(() -> settings.get(ConfigKey.OTEL_EXPORTER_OTLP_ENDPOINT).map(TraceSettings::forTraces));
    }

    /** The endpoint for traces below one for all signals, as OpenTelemetry's specification of the exporter has it. */
    private static URI forTraces(URI base) {
        String text = base.toString();
        return URI.create(text + (text.endsWith("/") ? "v1/traces" : "/v1/traces"));
    }

    private static Map<String, String> headers(Settings settings) throws BadSettingException {
        Map<String, String> headers = pairs(settings, ConfigKey.OTEL_EXPORTER_OTLP_HEADERS);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                HttpRequest.newBuilder().header(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                // Whose message holds the value.
                throw bad(ConfigKey.OTEL_EXPORTER_OTLP_HEADERS, "one cannot be sent");
            }
        }
        return headers;
    }

    private static Duration timeout(Settings settings) throws BadSettingException {
        String text = text(settings, ConfigKey.OTEL_EXPORTER_OTLP_TIMEOUT);
        boolean isNumber = text.matches("\\d{1,6}");
        int millis = isNumber ? Integer.parseInt(text) : 0;
        if (millis < 1 || millis > LONGEST_TIMEOUT_MILLIS) {
            throw bad(ConfigKey.OTEL_EXPORTER_OTLP_TIMEOUT, "");
        }
        return Duration.ofMillis(millis);
    }

    private static Map<String, String> resource(Settings settings) throws BadSettingException {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put(SERVICE_NAME, "ai-proxy");
        resource.put("service.version", Version.ofProgram());
        resource.putAll(pairs(settings, ConfigKey.OTEL_RESOURCE_ATTRIBUTES));
        String name = settings.get(ConfigKey.OTEL_SERVICE_NAME);
        if (!name.isEmpty()) {
            resource.put(SERVICE_NAME, name);
        }
        return resource;
    }

    private static String sampler(Settings settings) throws BadSettingException {
        String sampler = text(settings, ConfigKey.OTEL_TRACES_SAMPLER);
        if (!TraceTypes.SAMPLERS.contains(sampler)) {
            throw bad(ConfigKey.OTEL_TRACES_SAMPLER, "");
        }
        return sampler;
    }

    private static double ratio(Settings settings) throws BadSettingException {
        String text = settings.get(ConfigKey.OTEL_TRACES_SAMPLER_ARG);
        if (text.isEmpty()) {
            return 1;
        }
        double ratio = text.matches("\\d?\\.?\\d{1,18}") ? Double.parseDouble(text) : -1;
        if (ratio < 0 || ratio > 1) {
            throw bad(ConfigKey.OTEL_TRACES_SAMPLER_ARG, "");
        }
        return ratio;
    }

    /** OpenTelemetry takes an empty variable for one that is not set. */
    private static String text(Settings settings, ConfigKey<String> key) {
        String text = settings.get(key);
        return text.isEmpty() ? key.defaultText() : text;
    }

    /** Pairs as in W3C Baggage, which is what OpenTelemetry's specification asks for. */
    private static Map<String, String> pairs(Settings settings, ConfigKey<String> key) throws BadSettingException {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : settings.get(key).split(",")) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1 || pair.substring(0, equals).isBlank()) {
                throw bad(key, "one has no name");
            }
            pairs.put(
                    pair.substring(0, equals).strip(),
                    decoded(key, pair.substring(equals + 1).strip()));
        }
        return pairs;
    }

    private static String decoded(ConfigKey<String> key, String value) throws BadSettingException {
        try {
            // A plus sign is one here, not a space.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad(key, "one has a percent sign that begins no escape");
        }
    }

    private static BadSettingException bad(ConfigKey<?> key, String detail) {
        String rule = "must be " + key.type().allowed();
        return new BadSettingException(key, detail.isEmpty() ? rule : rule + ": " + detail);
    }

    /** What is odd about the settings but works, one line each. */
    static Optional<String> warning(Settings settings) {
        boolean isIdle = settings.get(ConfigKey.TRACE_PROPAGATION).equals("on")
                && endpoint(settings).isEmpty();
        return isIdle
                ? Optional.of("warning: TRACE_PROPAGATION=on does nothing without OTEL_EXPORTER_OTLP_ENDPOINT")
                : Optional.empty();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TraceSettings[" + endpoint + ", headers=" + headers.keySet() + "]";
    }
}
