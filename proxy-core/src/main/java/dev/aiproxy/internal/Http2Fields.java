package dev.aiproxy.internal;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.HTTP2Stream;
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
     * colon or a space in it would be another field there, and a second length another body.
     */
    static boolean isMalformed(Request request) {
        boolean isConnect = request.getMethod().equals("CONNECT");
        return !RequestSyntax.isToken(request.getMethod())
                || !isConnect && !isPath(request)
                || !isOneHost(request)
                || !isLength(request)
                || request.getHeaders().stream().anyMatch(Http2Fields::isMalformed);
    }

    private static boolean isMalformed(HttpField field) {
        return !RequestSyntax.isToken(field.getName())
                || isConnectionSpecific(field.getHeader())
                || !isValue(field.getValue());
    }

    /** RFC 9113 §8.3.1: Host is another way to say what {@code :authority} says. */
    private static boolean isOneHost(Request request) {
        List<String> hosts = request.getHeaders().getValuesList(HttpHeader.HOST);
        HttpURI uri = request.getHttpURI();
        return hosts.isEmpty()
                || hosts.size() == 1 && (!uri.hasAuthority() || hosts.get(0).equalsIgnoreCase(uri.getAuthority()));
    }

    /** RFC 9113 §8.1.1: the length is that of the body; where there is none, only zero is. */
    private static boolean isLength(Request request) {
        List<String> lengths = request.getHeaders().getValuesList(HttpHeader.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            return true;
        }
        String length = lengths.get(0);
        HTTP2Stream stream = Http2Streams.of(request);
        boolean isBodiless = stream != null && Http2Streams.isBodiless(stream);
        return lengths.size() == 1
                && !length.isEmpty()
                && length.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && (!isBodiless || request.getLength() == 0);
    }

    /** RFC 9113 §8.2.2. */
    private static boolean isConnectionSpecific(HttpHeader header) {
        return header == HttpHeader.CONNECTION
                || header == HttpHeader.PROXY_CONNECTION
                || header == HttpHeader.KEEP_ALIVE
                || header == HttpHeader.TRANSFER_ENCODING
                || header == HttpHeader.UPGRADE;
    }

    static boolean isValue(String value) {
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
        String path = request.getHttpURI().getPathQuery();
        boolean isAsterisk = request.getMethod().equals("OPTIONS") && "*".equals(path);
        return path != null
                && (path.startsWith("/") || isAsterisk)
                && !RequestTarget.hasControl(RequestTarget.originForm(request));
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

    /** Bytes of a list of fields as HTTP/2 counts them (RFC 9113 §6.5.2), with some to spare for pseudo-fields. */
    static long listBytes(HttpFields fields) {
        long bytes = 64;
        for (HttpField field : fields) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + 32;
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
