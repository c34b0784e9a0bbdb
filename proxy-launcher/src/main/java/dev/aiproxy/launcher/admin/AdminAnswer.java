package dev.aiproxy.launcher.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A whole answer in memory.
 *
 * @param status status code
 * @param contentType media type, with the charset if it needs one
 * @param body text, sent as UTF-8
 */
public record AdminAnswer(int status, String contentType, String body) {

    /** Words for people. */
    public static AdminAnswer text(int status, String line) {
        return new AdminAnswer(status, "text/plain; charset=utf-8", line + "\n");
    }

    /** One JSON object. */
    public static AdminAnswer json(int status, String object) {
        return new AdminAnswer(status, "application/json", object + "\n");
    }

    /** Sends it as the answer of a page. */
    public void send(Response response, Callback callback) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
