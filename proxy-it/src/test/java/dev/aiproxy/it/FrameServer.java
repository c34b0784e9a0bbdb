package dev.aiproxy.it;

import java.net.InetAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** An upstream in HTTP/2 that does frame by frame what its listener says. Listens on loopback until it is closed. */
final class FrameServer implements AutoCloseable {
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;

    private final Server server;
    private final ServerConnector connector;
    private final RawHTTP2ServerConnectionFactory http2;
    private final boolean isSecure;

    private FrameServer(ServerSessionListener listener, SSLContext tls, int mostStreams, String... protocols) {
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("frames");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(2 * 1024 * 1024);
        http.setResponseHeaderSize(256 * 1024);
        http.setMaxResponseHeaderSize(256 * 1024);
        http2 = new RawHTTP2ServerConnectionFactory(http, listener);
        http2.setMaxConcurrentStreams(mostStreams);
        http2.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        http2.setInitialSessionRecvWindow(16 * 1024 * 1024);
        http2.setRateControlFactory(new RateControl.Factory() {});
        isSecure = tls != null;
        connector = isSecure
                ? new ServerConnector(server, new SslConnectionFactory(new Offering(tls, protocols), "h2"), http2)
                : new ServerConnector(server, http2);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setIdleTimeout(60_000);
        server.addConnector(connector);
    }

    /** One without TLS. */
    static FrameServer plain(ServerSessionListener listener) {
        return plain(listener, 1_000);
    }

    /** One without TLS that takes so many streams of a connection at once. */
    static FrameServer plain(ServerSessionListener listener, int mostStreams) {
        return new FrameServer(listener, null, mostStreams).start();
    }

    /** One that agrees to {@code h2} in TLS. */
    static FrameServer tls(ServerSessionListener listener, SSLContext context) {
        return new FrameServer(listener, context, 1_000, "h2", "http/1.1").start();
    }

    /** The same, for clients only that show a certificate of its authority. */
    static FrameServer tlsForKnownClients(ServerSessionListener listener, SSLContext context) {
        FrameServer server = new FrameServer(listener, context, 1_000, "h2");
        server.connector
                .getConnectionFactory(SslConnectionFactory.class)
                .getSslContextFactory()
                .setNeedClientAuth(true);
        return server.start();
    }

    private FrameServer start() {
        try {
            server.start();
            return this;
        } catch (Exception failure) {
            throw new IllegalStateException("server does not start", failure);
        }
    }

    URI uri() {
        return URI.create((isSecure ? "https://localhost:" : "http://127.0.0.1:") + connector.getLocalPort());
    }

    /** Connections that are open. */
    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("server does not stop", failure);
        }
    }

    private static final class Offering extends SslContextFactory.Server {
        private final String[] protocols;

        Offering(SSLContext context, String... protocols) {
            this.protocols = protocols;
            setSslContext(context);
        }

        @Override
        public void customize(SSLEngine engine) {
            super.customize(engine);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            engine.setSSLParameters(parameters);
        }
    }
}
