package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty itself refuses, such as a malformed head, in the shape of all other errors. */
final class JsonErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (request.getAttribute(ERROR_EXCEPTION) instanceof EofException) {
            // The client has reset its connection within a head; to Jetty, if it notices while it reads, that is a 500.
            response.setStatus(Failure.CLIENT_GONE.status());
        }
        byte[] body = failureOf(response.getStatus()).json().getBytes(StandardCharsets.US_ASCII);
        if (response.getStatus() < 500 && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
            // Where one request was misunderstood, the next one cannot be told from the rest of it.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    static Failure failureOf(int status) {
        return switch (status) {
            case 408 -> Failure.CLIENT_BODY_TIMEOUT;
            case 417 -> Failure.EXPECTATION_FAILED;
            case 414, 431 -> Failure.HEADER_TOO_LARGE;
            case 499 -> Failure.CLIENT_GONE;
            case 503 -> Failure.SHUTTING_DOWN;
            case 505 -> Failure.HTTP_VERSION_NOT_SUPPORTED;
            default -> status < 500 ? Failure.BAD_REQUEST : Failure.PROXY_ERROR;
        };
    }
}
