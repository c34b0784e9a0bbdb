package dev.aiproxy.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/** A request as far as its head goes; a test that asks for more is told so. */
final class HeadOnlyRequest {

    private HeadOnlyRequest() {}

    static Request of(ParsedHead head) {
        ConnectionMetaData connection = proxy(ConnectionMetaData.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getHttpVersion")) {
                return HttpVersion.HTTP_1_1;
            }
            throw new UnsupportedOperationException(method.getName());
        });
        return proxy(Request.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getMethod" -> head.method();
            case "getHttpURI" -> head.uri();
            case "getHeaders" -> head.fields();
            case "getLength" -> head.fields().getLongField(HttpHeader.CONTENT_LENGTH);
            case "getConnectionMetaData" -> connection;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler answers) {
        return type.cast(
                Proxy.newProxyInstance(HeadOnlyRequest.class.getClassLoader(), new Class<?>[] {type}, answers));
    }
}
