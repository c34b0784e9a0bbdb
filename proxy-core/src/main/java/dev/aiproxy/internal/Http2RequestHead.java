package dev.aiproxy.internal;

import dev.aiproxy.OriginField;
import dev.aiproxy.ProxyConfig;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The head that goes upstream in HTTP/2: the client's fields in their order, less hop-by-hop fields, the target's name in
 * place of Host. Jetty writes the names in lower case, as HTTP/2 demands. What {@link RequestHead} is for HTTP/1.1.
 */
final class Http2RequestHead {

    private Http2RequestHead() {}

    /**
     * Builds it.
     *
     * @param raw the request's head on the wire, if there was one and it could be told apart
     * @param traceparent what goes in place of the client's; nothing if that goes on
     */
    static MetaData.Request of(
            Request request,
            @Nullable RawHead raw,
            Target target,
            Credentials credentials,
            OriginField origin,
            @Nullable String traceparent) {
        HttpFields fields = request.getHeaders();
        Set<String> nominated = FieldRules.nominatedByConnection(fields);
        Optional<ProxyConfig.TargetKey> ownKey = credentials.ownKey();
        HttpFields.Mutable sent = HttpFields.build(fields.size());
        boolean hasTraceparent = false;
        for (HttpField field : fields) {
            if (credentials.endsHere(field)) {
                // Ours takes the place of the first that it replaces.
                ownKey.ifPresent(key -> sent.add(key.fieldName(), key.fieldValue()));
                ownKey = Optional.empty();
            } else if (field.getHeader() == HttpHeader.ORIGIN && origin != OriginField.KEEP) {
                if (origin == OriginField.TARGET) {
                    sent.add(HttpHeader.ORIGIN, target.origin());
                }
            } else if (traceparent != null && TraceFields.isTraceparent(field)) {
                if (!hasTraceparent) {
                    sent.add(TraceFields.TRACEPARENT, traceparent);
                }
                hasTraceparent = true;
            } else if (goesOn(field, nominated)) {
                sent.add(field);
            }
        }
        ownKey.ifPresent(key -> sent.add(key.fieldName(), key.fieldValue()));
        if (acceptsTrailers(fields)) {
            sent.add(HttpHeader.TE, "trailers");
        }
        if (traceparent != null && !hasTraceparent) {
            sent.add(TraceFields.TRACEPARENT, traceparent);
        }
        return new MetaData.Request(request.getMethod(), uriOf(request, raw, target), HttpVersion.HTTP_2, sent);
    }

    private static boolean goesOn(HttpField field, Set<String> nominated) {
        HttpHeader header = field.getHeader();
        // RFC 9113 §8.2.2 and §8.3.1: neither framing nor a second name of the target.
        return header != HttpHeader.HOST
                && header != HttpHeader.TRANSFER_ENCODING
                && !FieldRules.isHopByHop(field, nominated);
    }

    /** RFC 9110 §10.1.4: TE speaks to the next hop, which is this proxy, and it passes trailers on. */
    private static boolean acceptsTrailers(HttpFields fields) {
        return fields.contains(HttpHeader.TE, "trailers");
    }

    private static HttpURI uriOf(Request request, @Nullable RawHead raw, Target target) {
        return HttpURI.from(
                target.uri().getScheme(),
                target.uri().getHost(),
                target.hasDefaultPort() ? -1 : target.uri().getPort(),
                RequestTarget.sentForm(request, raw));
    }

    /** Bytes of the head as HTTP/2 counts them (RFC 9113 §6.5.2). */
    static long listBytes(MetaData.Request head) {
        String path = head.getHttpURI().getPathQuery();
        String authority = head.getHttpURI().getAuthority();
        // Names and values of the four pseudo fields, and 32 bytes for each field.
        long bytes = 4 * 32L + 32 + head.getMethod().length() + path.length() + authority.length() + "https".length();
        for (HttpField field : head.getHttpFields()) {
            String value = field.getValue();
            bytes += 32L + field.getName().length() + (value == null ? 0 : value.length());
        }
        return bytes;
    }
}
