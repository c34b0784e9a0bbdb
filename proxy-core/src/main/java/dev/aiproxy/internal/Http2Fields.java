package dev.aiproxy.internal;

import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/** Where fields in HTTP/2 differ from those in HTTP/1.1. */
final class Http2Fields {

    private Http2Fields() {}

    /** The fields of a response to an HTTP/2 client; Jetty writes their names in lower case. */
    static HttpFields ofResponse(ResponseHead head, String requestMethod) {
        HttpFields.Mutable fields = HttpFields.build(head.fields().size());
        Set<String> nominated = FieldRules.nominatedByConnection(head.fields());
        boolean hasTransferEncoding = head.fields().contains(HttpHeader.TRANSFER_ENCODING);
        boolean isLengthWrong = hasTransferEncoding && !head.isBodiless(requestMethod);
        for (HttpField field : head.fields()) {
            boolean isFraming = field.getHeader() == HttpHeader.TRANSFER_ENCODING
                    || field.getHeader() == HttpHeader.CONTENT_LENGTH && isLengthWrong;
            if (!isFraming && (head.isOwn() || !FieldRules.isHopByHop(field, nominated))) {
                fields.add(field);
            }
        }
        return fields;
    }

    /**
     * Whether a request is not fit to go on in HTTP/1.1. Jetty has checked what concerns HTTP/2 itself; but a name with a
     * colon or a space in it would be another field there.
     */
    static boolean isMalformed(Request request) {
        for (HttpField field : request.getHeaders()) {
            if (!RequestSyntax.isToken(field.getName()) || isConnectionSpecific(field.getHeader())) {
                return true;
            }
            if (!isValue(field.getValue())) {
                return true;
            }
        }
        boolean isConnect = request.getMethod().equals("CONNECT");
        return !RequestSyntax.isToken(request.getMethod()) || !isConnect && !isPath(request);
    }

    /** RFC 9113 §8.2.2. */
    private static boolean isConnectionSpecific(HttpHeader header) {
        return header == HttpHeader.CONNECTION
                || header == HttpHeader.PROXY_CONNECTION
                || header == HttpHeader.KEEP_ALIVE
                || header == HttpHeader.TRANSFER_ENCODING
                || header == HttpHeader.UPGRADE;
    }

    private static boolean isValue(String value) {
        for (int i = 0; value != null && i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter < ' ' && letter != '\t' || letter == 0x7f || letter > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9113 §8.3.1. */
    private static boolean isPath(Request request) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPathQuery();
        boolean isAsterisk = request.getMethod().equals("OPTIONS") && "*".equals(path);
        return path != null && (path.startsWith("/") || isAsterisk) && !RequestTarget.hasControl(path);
    }

    /** Bytes of a request's head, were it in HTTP/1.1. */
    static long headBytes(Request request) {
        String path = request.getHttpURI().getPathQuery();
        long bytes = request.getMethod().length() + (path == null ? 0 : path.length());
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + 4;
        }
        return bytes;
    }

    /** RFC 9113 §8.2.3: the crumbs of Cookie become one field again. */
    static String cookie(HttpFields fields) {
        StringBuilder joined = new StringBuilder();
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.COOKIE) {
                joined.append(joined.length() == 0 ? "" : "; ")
                        .append(field.getValue() == null ? "" : field.getValue());
            }
        }
        return joined.toString();
    }
}
