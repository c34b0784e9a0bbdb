package dev.aiproxy.internal;

import dev.aiproxy.OriginField;
import dev.aiproxy.ProxyConfig;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The head that goes upstream: the client's, less hop-by-hop fields, with the target's Host. Fields that ask for another
 * protocol stay where that is allowed.
 */
final class RequestHead {

    private RequestHead() {}

    /**
     * Builds it.
     *
     * @param raw the request's head on the wire; without it, Jetty's spelling of known names is used
     * @param traceparent what goes in place of the client's; nothing if that goes on
     * @param proxy what it is sent to in absolute-form; nothing if it goes to the target itself, or in a tunnel
     * @param isChunked whether the body of a request that came in HTTP/2 goes on in chunks
     * @param isUpgrade whether the upstream is asked for another protocol, see {@link UpgradeRules}
     */
    static HeadWriter of(
            Request request,
            @Nullable RawHead raw,
            Target target,
            Credentials credentials,
            OriginField origin,
            @Nullable String traceparent,
            @Nullable ProxyTransport proxy,
            boolean isChunked,
            boolean isUpgrade) {
        HttpFields fields = request.getHeaders();
        HeadWriter head = new HeadWriter()
                .text(request.getMethod())
                .text(" ")
                .text(
                        proxy == null
                                ? RequestTarget.sentForm(request, raw)
                                : RequestTarget.absoluteForm(request, raw, target))
                .text(" HTTP/1.1\r\n");
        if (!fields.contains(HttpHeader.HOST)) {
            // An HTTP/1.0 client may leave it out, HTTP/1.1 upstream must have it.
            head.field("Host", target.hostField());
        }
        Set<String> nominated = FieldRules.nominatedByConnection(fields);
        Optional<ProxyConfig.TargetKey> ownKey = credentials.ownKey();
        boolean isHttp2 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        boolean hasCookie = false;
        boolean hasTraceparent = false;
        int number = 0;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.HOST) {
                head.field(nameOf(field, raw, number), target.hostField());
            } else if (credentials.endsHere(field)) {
                // Ours takes the place of the first that it replaces.
                ownKey.ifPresent(key -> head.field(key.fieldName(), key.fieldValue()));
                ownKey = Optional.empty();
            } else if (field.getHeader() == HttpHeader.ORIGIN && origin != OriginField.KEEP) {
                if (origin == OriginField.TARGET) {
                    head.field(field.getName(), target.origin());
                }
            } else if (traceparent != null && TraceFields.isTraceparent(field)) {
                if (!hasTraceparent) {
                    head.field(nameOf(field, raw, number), traceparent);
                }
                hasTraceparent = true;
            } else if (isUpgrade && UpgradeRules.isPartOfUpgrade(field)) {
                upgradeField(head, field, raw, number);
            } else if (isHttp2 && field.getHeader() == HttpHeader.COOKIE) {
                if (!hasCookie) {
                    head.field(field.getLowerCaseName(), Http2Fields.cookie(fields));
                }
                hasCookie = true;
            } else if (isHttp2 && !FieldRules.isHopByHop(field, nominated)) {
                head.field(field.getLowerCaseName(), field.getValue() == null ? "" : field.getValue());
            } else if (!FieldRules.isHopByHop(field, nominated)) {
                head.field(field, raw, number);
            }
            number++;
        }
        ownKey.ifPresent(key -> head.field(key.fieldName(), key.fieldValue()));
        String proxyAuthorization = proxy == null ? null : proxy.authorization();
        if (proxyAuthorization != null) {
            head.field("Proxy-Authorization", proxyAuthorization);
        }
        if (isHttp2 && isChunked) {
            head.field("transfer-encoding", "chunked");
        }
        if (traceparent != null && !hasTraceparent) {
            head.field(TraceFields.TRACEPARENT, traceparent);
        }
        return head.text("\r\n");
    }

    private static String nameOf(HttpField field, @Nullable RawHead raw, int number) {
        String name = field.getName();
        return raw == null ? name : raw.name(number, name.length());
    }

    private static void upgradeField(HeadWriter head, HttpField field, @Nullable RawHead raw, int number) {
        if (field.getHeader() == HttpHeader.UPGRADE || UpgradeRules.namesNothingElse(field)) {
            head.field(field, raw, number);
        } else {
            head.field("Connection", "Upgrade");
        }
    }
}
