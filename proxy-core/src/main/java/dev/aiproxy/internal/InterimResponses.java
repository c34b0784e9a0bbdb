package dev.aiproxy.internal;

import java.util.Objects;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Passes 1xx responses on. Without a handler for each of them jetty-client takes the first for the final response and
 * never delivers that.
 */
final class InterimResponses extends EarlyHintsProtocolHandler {

    private static final String INTERIM = InterimResponses.class.getName();

    @Override
    public boolean accept(Request request, Response response) {
        if (!HttpStatus.isInterim(response.getStatus())) {
            return false;
        }
        // Jetty resets the response before it calls onEarlyHints.
        request.attribute(INTERIM, new Interim(response.getStatus(), response.getReason()));
        return true;
    }

    @Override
    protected void onEarlyHints(Request request, HttpFields fields) {
        Interim interim =
                (Interim) Objects.requireNonNull(request.getAttributes().get(INTERIM));
        UpstreamRequest.callOf(request).onInterim(interim.status(), interim.reason(), fields);
    }

    private record Interim(int status, @Nullable String reason) {}
}
