package dev.aiproxy.internal;

import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpVersion;

/** What jetty-client accepts although clients could read it in another way than it does. */
final class ResponseSyntax {

    private ResponseSyntax() {}

    static boolean isMalformed(Response response) {
        HttpVersion version = response.getVersion();
        boolean isHttp1 = version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
        // 101 is no answer to a request without Upgrade.
        return !isHttp1 || response.getStatus() < 200 || TransferCoding.of(response.getHeaders()) == TransferCoding.ODD;
    }
}
