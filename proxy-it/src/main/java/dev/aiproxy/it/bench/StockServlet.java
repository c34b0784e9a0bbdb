package dev.aiproxy.it.bench;

import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty's {@code AsyncMiddleManServlet.Transparent} as it comes, but without time limits and with room for all streams. */
final class StockServlet {
    private StockServlet() {}

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
        ServletHolder proxy = new ServletHolder(AsyncMiddleManServlet.Transparent.class);
        proxy.setInitParameter("proxyTo", arguments[1]);
        proxy.setInitParameter("timeout", "0");
        proxy.setInitParameter("idleTimeout", "3600000");
        proxy.setInitParameter("maxConnections", "20000");
        proxy.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(proxy, "/*");
        server.setHandler(context);
        server.start();
        server.join();
    }
}
