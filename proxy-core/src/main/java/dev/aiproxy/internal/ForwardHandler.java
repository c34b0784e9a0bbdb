package dev.aiproxy.internal;

import java.util.Objects;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hands exchanges to the servlet that forwards them, past its container: that would map and check a path that is none of its
 * business, and make a servlet's request, response and asynchronous context, none of which is used, for each of them.
 */
final class ForwardHandler extends Handler.Wrapper {

    private final StreamingServlet servlet;

    /**
     * Hands on to a servlet.
     *
     * @param container starts and stops the servlet
     */
    ForwardHandler(Handler container, StreamingServlet servlet) {
        super(container);
        this.servlet = servlet;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ProxyExchange exchange = Objects.requireNonNull(StreamHandler.exchangeOf(request));
        exchange.onCompletion(callback::succeeded);
        if (!exchange.isOver()) {
            servlet.forward(exchange);
        }
        return true;
    }
}
