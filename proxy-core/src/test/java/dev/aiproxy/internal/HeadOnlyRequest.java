package dev.aiproxy.internal;

import java.lang.reflect.Proxy;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** A request as far as its head goes; a test that asks for more is told so. */
final class HeadOnlyRequest {

    private HeadOnlyRequest() {}

    static Request of(ParsedHead head) {
        return (Request) Proxy.newProxyInstance(
                HeadOnlyRequest.class.getClassLoader(),
                new Class<?>[] {Request.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMethod" -> head.method();
                    case "getHttpURI" -> head.uri();
                    case "getHeaders" -> head.fields();
                    case "getLength" -> head.fields().getLongField(HttpHeader.CONTENT_LENGTH);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
