package dev.aiproxy.internal;

import java.net.URI;
import java.util.Objects;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** A request of jetty-client that knows whose it is, without a map for that, and holds little once it is answered. */
final class UpstreamRequest extends HttpRequest {

    private @Nullable UpstreamCall call;

    UpstreamRequest(HttpClient client, URI uri) {
        super(client, new SingleExchange(), uri);
    }

    /** Says whose it is, before it is sent. */
    void assignTo(UpstreamCall owner) {
        call = owner;
    }

    static UpstreamCall callOf(Request request) {
        return Objects.requireNonNull(((UpstreamRequest) request).call);
    }

    /** The response has begun: nobody asks for the URI any more, which jetty-client has made once more, to send it. */
    void onResponding() {
        scheme(getScheme());
    }

    /** jetty-client notes the endpoint, for those who go on to another protocol on it. Here these know it, too. */
    private static final class SingleExchange extends HttpConversation {
        @Override
        public @Nullable Object setAttribute(String name, @Nullable Object attribute) {
            return name.equals(EndPoint.class.getName()) ? null : super.setAttribute(name, attribute);
        }
    }
}
