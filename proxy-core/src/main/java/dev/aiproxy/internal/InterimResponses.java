package dev.aiproxy.internal;

import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Passes 1xx responses on. Without a handler for each of them jetty-client takes the first for the final response and
 * never delivers that.
 */
final class InterimResponses extends EarlyHintsProtocolHandler {

    private static final String STATUS = InterimResponses.class.getName() + ".status";

    @Override
    public boolean accept(Request request, Response response) {
        if (!HttpStatus.isInterim(response.getStatus())) {
            return false;
        }
        request.attribute(STATUS, new ResponseHead(response.getStatus(), reasonOf(response), HttpFields.EMPTY));
        return true;
    }

    @Override
    protected void onEarlyHints(Request request, HttpFields fields) {
        ResponseHead accepted = (ResponseHead) request.getAttributes().get(STATUS);
        UpstreamCall call = UpstreamClient.callOf(request);
        call.onInterim(new ResponseHead(accepted.status(), accepted.reason(), fields));
    }

    private static String reasonOf(Response response) {
        return response.getReason() == null ? "" : response.getReason();
    }
}
