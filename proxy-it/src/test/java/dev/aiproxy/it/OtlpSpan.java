package dev.aiproxy.it;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A span as a collector gets it (opentelemetry-proto, {@code trace.proto}).
 *
 * @param parentId empty if it has none
 * @param kind 2 for a server's
 * @param attributes texts and numbers by name
 * @param events times in nanoseconds since 1970 by name, in the order they came in
 * @param status 0 if it is not set, 2 for an error
 * @param resource what is told of the process
 */
record OtlpSpan(
        String traceId,
        String id,
        String parentId,
        String traceState,
        String name,
        long kind,
        long begin,
        long end,
        Map<String, Object> attributes,
        Map<String, Long> events,
        long status,
        Map<String, Object> resource) {

    /** All spans of a request to export some. */
    static List<OtlpSpan> in(byte[] request) {
        return ProtobufMessage.of(request).messages(1).stream()
                .flatMap(resource -> resource.messages(2).stream()
                        .flatMap(scope -> scope.messages(2).stream())
                        .map(span -> of(span, attributes(resource.messages(1).get(0), 1))))
                .toList();
    }

    private static OtlpSpan of(ProtobufMessage span, Map<String, Object> resource) {
        Map<String, Long> events = new LinkedHashMap<>();
        span.messages(11).forEach(event -> events.put(event.text(2), event.number(1)));
        return new OtlpSpan(
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(3),
                span.text(5),
                span.number(6),
                span.number(7),
                span.number(8),
                attributes(span, 9),
                events,
                span.messages(15).stream().mapToLong(status -> status.number(3)).sum(),
                resource);
    }

    private static Map<String, Object> attributes(ProtobufMessage owner, int field) {
        Map<String, Object> attributes = new HashMap<>();
        for (ProtobufMessage attribute : owner.messages(field)) {
            ProtobufMessage value = attribute.messages(2).get(0);
            attributes.put(attribute.text(1), value.has(1) ? value.text(1) : value.number(3));
        }
        return attributes;
    }

    Object attribute(String attributeName) {
        return attributes.get(attributeName);
    }
}
