package dev.aiproxy.internal;

import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The head that goes upstream: the client's, less hop-by-hop fields, with the target's Host. */
final class RequestHead {

    private RequestHead() {}

    static HeadWriter of(Request request, Target target) {
        HttpFields fields = request.getHeaders();
        HeadWriter head = new HeadWriter()
                .text(request.getMethod())
                .text(" ")
                .text(RequestTarget.originForm(request.getHttpURI()))
                .text(" HTTP/1.1\r\n");
        if (!fields.contains(HttpHeader.HOST)) {
            // An HTTP/1.0 client may leave it out, HTTP/1.1 upstream must have it.
            head.field("Host", target.hostField());
        }
        Set<String> nominated = FieldRules.nominatedByConnection(fields);
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.HOST) {
                head.field(field.getName(), target.hostField());
            } else if (!FieldRules.isHopByHop(field, nominated)) {
                head.field(field.getName(), field.getValue() == null ? "" : field.getValue());
            }
        }
        return head.text("\r\n");
    }
}
