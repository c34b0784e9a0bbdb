package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** What Jetty's parser accepts although other parsers read it in another way, or not at all. */
final class RequestSyntax {

    private RequestSyntax() {}

    static boolean isMalformed(Request request) {
        return !isToken(request.getMethod())
                || RequestTarget.isLossy(request.getHttpURI())
                || isFramedOddly(request)
                || isAnswered(request);
    }

    /** RFC 9110 §5.6.2. */
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean isLetterOrDigit =
                    letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9';
            if (!isLetterOrDigit && "!#$%&'*+-.^_`|~".indexOf(letter) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The only transfer coding that all servers understand alike is "chunked", alone, once, and in HTTP/1.1. */
    private static boolean isFramedOddly(Request request) {
        HttpFields fields = request.getHeaders();
        int count = 0;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                count++;
                if (!"chunked".equalsIgnoreCase(field.getValue())) {
                    return true;
                }
            }
        }
        boolean isOld = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
        return count > 1 || count == 1 && isOld;
    }

    /** Behind a response that ended the connection there is no place for another one. */
    private static boolean isAnswered(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint().isOutputShutdown();
    }
}
