package dev.aiproxy.internal;

import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes {@code CONNECT}, and hands everything else on. */
final class TunnelHandler extends Handler.Wrapper {

    private final Supplier<ClientConnector> connector;
    private final CheckedAddresses addresses;
    private final Tunnels tunnels;

    /**
     * Puts itself before another handler.
     *
     * @param connector the HTTP client's, which has its own life: asked for when there is a request
     */
    TunnelHandler(Handler next, Supplier<ClientConnector> connector, CheckedAddresses addresses, Tunnels tunnels) {
        super(next);
        this.connector = connector;
        this.addresses = addresses;
        this.tunnels = tunnels;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!request.getMethod().equals("CONNECT")) {
            return super.handle(request, response, callback);
        }
        ProxyExchange exchange = Objects.requireNonNull(StreamHandler.exchangeOf(request));
        exchange.onCompletion(callback::succeeded);
        if (!exchange.isOver()) {
            exchange.forward(() -> new ConnectCall(exchange, connector.get(), addresses, tunnels));
        }
        return true;
    }
}
