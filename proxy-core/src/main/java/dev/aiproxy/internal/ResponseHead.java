package dev.aiproxy.internal;

import dev.aiproxy.internal.insight.AnswerReader;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * The head of a response as it came from the upstream, or as the proxy made it.
 *
 * @param status 100 to 999
 * @param reason reason phrase, maybe empty
 * @param fields all fields, hop-by-hop ones included
 * @param raw the head on the wire, if there was one and it could be told apart
 * @param isOwn whether this proxy made it, so that all its fields are meant for the client
 */
record ResponseHead(
        int status,
        String reason,
        HttpFields fields,
        @Nullable RawHead raw,
        boolean isOwn) {

    static ResponseHead of(Failure failure, int contentLength) {
        HttpFields.Mutable fields = HttpFields.build()
                .add(new HttpField(HttpHeader.CONTENT_TYPE, MimeTypes.Type.APPLICATION_JSON.asString()))
                .add(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, contentLength));
        switch (failure.status()) {
            case 401 -> fields.add(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"ai-proxy\"");
            case 407 -> fields.add(HttpHeader.PROXY_AUTHENTICATE, "Basic realm=\"ai-proxy\"");
            case 429 -> fields.add(HttpHeader.RETRY_AFTER, "60");
            case 503 -> fields.add(HttpHeader.RETRY_AFTER, "1");
            default -> {
                // The status says it all.
            }
        }
        return new ResponseHead(failure.status(), HttpStatus.getMessage(failure.status()), fields, null, true);
    }

    boolean isInterim() {
        return status < 200;
    }

    /** Whether it does not tell how long its body is, as that of a stream cannot (RFC 9112 §6.3). */
    boolean isOfUnknownLength() {
        return fields.contains(HttpHeader.TRANSFER_ENCODING) || !fields.contains(HttpHeader.CONTENT_LENGTH);
    }

    /** Whether what is behind it may pause for long. */
    boolean isStream() {
        return isOfUnknownLength() && AnswerReader.isStream(fields.get(HttpHeader.CONTENT_TYPE));
    }

    /** RFC 9112 §6.3: such a response ends with its head, whatever its fields say. */
    boolean isBodiless(String requestMethod) {
        return status == 204 || status == 304 || requestMethod.equals("HEAD");
    }
}
