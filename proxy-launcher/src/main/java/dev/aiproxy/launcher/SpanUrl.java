package dev.aiproxy.launcher;

import dev.aiproxy.Exchange;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * What a request asked for, and of whom, as OpenTelemetry's conventions for HTTP servers have it: the server is the proxy
 * itself, unless the request goes to another than the target.
 *
 * @param path without the query; empty if there is none
 */
record SpanUrl(Place server, String path) {

    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

    /**
     * A server.
     *
     * @param scheme {@code http}, {@code https}, or empty if it is not known
     * @param host name or address, empty if it is not known
     * @param port 1 to 65535, or -1 if it is not known
     */
    record Place(String scheme, String host, int port) {
        static final Place NOWHERE = new Place("", "", -1);
    }

    /** @param listen where clients connect */
    static SpanUrl of(Exchange exchange, Place listen) {
        String target = exchange.path();
        if (target.startsWith("/")) {
            return new SpanUrl(listen, target);
        }
        boolean isAbsolute = target.contains("://");
        if (!isAbsolute && !exchange.method().equals("CONNECT")) {
            return new SpanUrl(listen, "");
        }
        try {
            URI named = new URI(isAbsolute ? target : "//" + target);
            String scheme = named.getScheme() == null ? "" : named.getScheme();
            String host = named.getHost() == null ? "" : named.getHost();
            return new SpanUrl(new Place(scheme, host, named.getPort()), named.getRawPath());
        } catch (URISyntaxException unusual) {
            return new SpanUrl(Place.NOWHERE, "");
        }
    }

    void describe(Span span) {
        set(span, SCHEME, server.scheme());
        set(span, PATH, path);
        set(span, ADDRESS, server.host());
        if (!server.host().isEmpty() && server.port() > 0) {
            span.setAttribute(PORT, (long) server.port());
        }
    }

    private static void set(Span span, AttributeKey<String> key, String value) {
        if (!value.isEmpty()) {
            span.setAttribute(key, value);
        }
    }
}
