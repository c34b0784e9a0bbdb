package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** Which requests ask for another protocol, such as WebSocket, and which of their fields say so (RFC 9110 §7.8). */
final class UpgradeRules {

    private UpgradeRules() {}

    /**
     * Whether a request is to be forwarded with its wish for another protocol. HTTP/2 is none of those: requests in it could
     * not be judged any more.
     */
    static boolean isUpgrade(Request request) {
        HttpFields fields = request.getHeaders();
        return fields.contains(HttpHeader.UPGRADE)
                && fields.contains(HttpHeader.CONNECTION, "upgrade")
                && !fields.contains(HttpHeader.UPGRADE, "h2c")
                && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    }

    /** Whether a field belongs to the change of protocol and goes on with it. */
    static boolean isPartOfUpgrade(HttpField field) {
        return field.getHeader() == HttpHeader.UPGRADE
                || field.getHeader() == HttpHeader.CONNECTION && field.contains("upgrade");
    }

    /** Whether a Connection field says nothing that other fields would have to be taken off for. */
    static boolean namesNothingElse(HttpField connection) {
        for (String option : connection.getValues()) {
            if (!option.equalsIgnoreCase("upgrade") && !option.equalsIgnoreCase("keep-alive")) {
                return false;
            }
        }
        return true;
    }
}
