package dev.aiproxy.internal;

import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts TLS between the socket and the HTTP connection of a client. */
final class ClientTlsFactory extends SslConnectionFactory {

    private static final Logger logger = LoggerFactory.getLogger(ClientTlsFactory.class);

    private final Consumer<EndPoint> onPlainHttp;

    ClientTlsFactory(ClientTls tls, Consumer<EndPoint> onPlainHttp) {
        super(tls, HttpVersion.HTTP_1_1.asString());
        this.onPlainHttp = onPlainHttp;
        // It would answer 400 wherever Host is not a name of the certificate, and here Host is the client's business.
        setEnsureSecureRequestCustomizer(false);
        addBean(new HandshakeEnd());
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, new EncryptedEndPoint(endPoint, onPlainHttp));
    }

    private static final class HandshakeEnd implements SslHandshakeListener {
        @Override
        public void handshakeSucceeded(Event event) {
            if (event.getEndPoint() instanceof EndPoint.Wrapper tls
                    && tls.unwrap() instanceof EncryptedEndPoint below) {
                below.recordEnds();
            }
        }

        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            logger.debug("no TLS with {}", event.getEndPoint().getRemoteSocketAddress(), failure);
        }
    }
}
