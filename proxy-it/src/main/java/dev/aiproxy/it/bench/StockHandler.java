package dev.aiproxy.it.bench;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty's core {@code ProxyHandler.Reverse} as it comes, but without time limits and with room for all streams. */
final class StockHandler extends ProxyHandler.Reverse {
    private StockHandler(String target) {
        super(request -> HttpURI.build(target).pathQuery(Request.getPathInContext(request) + query(request)));
    }

    /** Takes the port to listen on and the URI to forward to. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(
                server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setAcceptQueueSize(4096);
        connector.setIdleTimeout(3_600_000);
        server.addConnector(connector);
        server.setHandler(new StockHandler(arguments[1]));
        server.start();
        server.join();
    }

    private static String query(Request request) {
        String query = request.getHttpURI().getQuery();
        return query == null ? "" : "?" + query;
    }

    @Override
    protected HttpClient newHttpClient() {
        HttpClient client = super.newHttpClient();
        client.setMaxConnectionsPerDestination(20_000);
        client.setIdleTimeout(3_600_000);
        return client;
    }
}
