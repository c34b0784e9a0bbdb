package dev.aiproxy.launcher;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * The types of the settings about traces. But for the addresses they are read in full only where there is an endpoint, by
 * {@link TraceSettings}: the environment of many a machine has some for other programs.
 */
final class TraceTypes {

    static final ValueType<Optional<URI>> ENDPOINT = new ValueType<>(
            "a URL such as http://localhost:4318, without user info, query or fragment, or empty for none",
            (text, home) -> text.isEmpty() ? Optional.empty() : Optional.of(endpoint(text)),
            Shown::value);

    static final ValueType<String> HEADERS = ValueType.secret(
            "fields such as api-key=KEY, with commas between them, special characters of values as in %20, or empty for none",
            (text, home) -> text);

    static final ValueType<String> MILLISECONDS =
            new ValueType<>("a whole number of milliseconds from 1 to 600000", (text, home) -> text);

    static final ValueType<String> NAME = new ValueType<>("any text", (text, home) -> text);

    static final ValueType<String> ATTRIBUTES = new ValueType<>(
            "attributes such as deployment.environment.name=test, with commas between them, special characters of values as"
                    + " in %20, or empty for none",
            (text, home) -> text);

    /** As OpenTelemetry names them. */
    static final List<String> SAMPLERS = List.of(
            "always_on",
            "always_off",
            "traceidratio",
            "parentbased_always_on",
            "parentbased_always_off",
            "parentbased_traceidratio");

    static final ValueType<String> SAMPLER =
            new ValueType<>("one of " + String.join(", ", SAMPLERS), (text, home) -> text);

    static final ValueType<String> RATIO =
            new ValueType<>("a number from 0 to 1, or empty for 1", (text, home) -> text);

    private TraceTypes() {}

    private static URI endpoint(String text) throws BadValueException {
        try {
            URI endpoint = new URI(text);
            boolean isHttp =
                    "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
            if (!isHttp) {
                throw new BadValueException("its scheme must be http or https");
            }
            if (endpoint.getHost() == null) {
                throw new BadValueException("it must name a host");
            }
            if (endpoint.getPort() == 0 || endpoint.getPort() > 65_535) {
                throw new BadValueException("its port must be from 1 to 65535");
            }
            boolean isBare = endpoint.getRawUserInfo() == null
                    && endpoint.getRawQuery() == null
                    && endpoint.getRawFragment() == null;
            if (!isBare) {
                throw new BadValueException("credentials belong into OTEL_EXPORTER_OTLP_HEADERS");
            }
            return endpoint;
        } catch (URISyntaxException e) {
            // Whose message holds the text.
            throw new BadValueException("it has characters that a URI has not");
        }
    }
}
