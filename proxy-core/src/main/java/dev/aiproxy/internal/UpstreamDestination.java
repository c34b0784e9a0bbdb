package dev.aiproxy.internal;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;

/** The requests for one upstream. One connection that fails costs one of them; jetty-client would fail all that wait. */
final class UpstreamDestination extends HttpDestination {

    UpstreamDestination(HttpClient client, Origin origin) {
        super(client, origin);
    }

    @Override
    public void failed(Throwable cause) {
        HttpExchange oldest = getHttpExchanges().peek();
        if (oldest != null) {
            oldest.getRequest().abort(cause);
        }
        // The others go on waiting, for another connection if need be.
        send();
    }
}
