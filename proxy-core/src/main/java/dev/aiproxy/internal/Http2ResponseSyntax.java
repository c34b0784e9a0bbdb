package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What Jetty takes for a response in HTTP/2 although it is not fit to go on, least of all in HTTP/1.1. */
final class Http2ResponseSyntax {

    private Http2ResponseSyntax() {}

    /**
     * Whether the head of a response is malformed.
     *
     * @param status 1xx included, but not 101, which HTTP/2 does not have (RFC 9113 §8.6)
     */
    static boolean isMalformed(int status, HttpFields fields) {
        return status < 100 || status > 999 || status == 101 || areMalformed(fields) || lengthOf(fields) < -1;
    }

    /** Whether fields, also those behind a body, are malformed (RFC 9113 §8.2.1 and §8.2.2). */
    static boolean areMalformed(HttpFields fields) {
        for (HttpField field : fields) {
            // Line breaks in a value would make fields of their own in HTTP/1.1; a coding would frame the message anew.
            if (!RequestSyntax.isToken(field.getName())
                    || field.getHeader() == HttpHeader.TRANSFER_ENCODING
                    || !Http2Fields.isValue(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Content-Length; -1 if there is none, -2 if it could be read in two ways. */
    static long lengthOf(HttpFields fields) {
        long length = -1;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.CONTENT_LENGTH) {
                String value = field.getValue();
                boolean isNumber = value != null && value.matches("[0-9]{1,18}");
                if (length != -1 || !isNumber) {
                    return -2;
                }
                length = Long.parseLong(value);
            }
        }
        return length;
    }

    /** Bytes of a response's head, were it in HTTP/1.1. */
    static long headBytes(HttpFields fields) {
        long bytes = "HTTP/1.1 200 \r\n\r\n".length();
        for (HttpField field : fields) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + 4;
        }
        return bytes;
    }
}
