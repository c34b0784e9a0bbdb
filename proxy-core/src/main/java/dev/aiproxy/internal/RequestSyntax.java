package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What Jetty's parser accepts although other parsers read it in another way, or not at all. */
final class RequestSyntax {

    private RequestSyntax() {}

    /**
     * Whether a request is to be refused.
     *
     * @param raw its head on the wire, if it could be told apart
     */
    static boolean isMalformed(Request request, @Nullable RawHead raw) {
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
            return Http2Fields.isMalformed(request);
        }
        return raw != null && !raw.isStartedBy(request.getMethod())
                || !isToken(request.getMethod())
                || RequestTarget.isLossy(request.getHttpURI())
                || RequestTarget.hasControl(RequestTarget.originForm(request.getHttpURI()))
                || isFramedOddly(request)
                || isAnswered(request);
    }

    /** RFC 9110 §5.6.2. */
    static boolean isToken(String text) {
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

    private static boolean isFramedOddly(Request request) {
        boolean isOld = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
        return switch (TransferCoding.of(request.getHeaders())) {
            case NONE -> false;
            // RFC 9112 §6.1: HTTP/1.0 knows no chunks.
            case CHUNKED -> isOld;
            case ODD -> true;
        };
    }

    /** Behind a response that ended the connection there is no place for another one. */
    private static boolean isAnswered(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint().isOutputShutdown();
    }
}
