package dev.aiproxy.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.HTTP2ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes HTTP/2 connections: looks the name up, tries its addresses in turn, and speaks TLS where the target does. For any
 * threads.
 */
final class Http2Connector {

    private static final Logger logger = LoggerFactory.getLogger(Http2Connector.class);
    private static final String H2 = "h2";

    private final HTTP2Client client;
    private final CheckedAddresses addresses;
    private final UpstreamRoutes routes;
    private final OutboundAddresses outbound;
    private final SslContextFactory.Client tls;
    private final boolean mayBeHttp1;
    private final Duration connectTimeout;

    /**
     * Keeps what connections need.
     *
     * @param tls offers HTTP/2, and HTTP/1.1 if that may be
     * @param mayBeHttp1 whether the upstream may choose HTTP/1.1
     */
    Http2Connector(
            HTTP2Client client,
            CheckedAddresses addresses,
            UpstreamRoutes routes,
            OutboundAddresses outbound,
            SslContextFactory.Client tls,
            boolean mayBeHttp1,
            Duration connectTimeout) {
        this.client = client;
        this.addresses = addresses;
        this.routes = routes;
        this.outbound = outbound;
        this.tls = tls;
        this.mayBeHttp1 = mayBeHttp1;
        this.connectTimeout = connectTimeout;
    }

    /** Who wants a connection, and is told once what has become of it. */
    interface Outcome {
        Http2Session session();

        void connected();

        /** The upstream is there, but speaks HTTP/1.1. */
        void agreedToHttp1();

        void failed(Throwable cause);

        /** Whether nobody waits for it any more. */
        boolean isAbandoned();

        /** There is a connection, which may still fail; it is to be closed if nobody waits for it. */
        void onOpened(EndPoint endPoint);
    }

    void connect(Target target, Outcome outcome) {
        addresses.resolve(
                target,
                routes.ofTunnel(target),
                Promise.from(found -> connect(target, outcome, found, 0), outcome::failed));
    }

    private void connect(Target target, Outcome outcome, List<InetSocketAddress> found, int number) {
        Attempt attempt = new Attempt(target, outcome, found, number);
        Map<String, Object> context = attempt.context;
        Transport transport = routes.ofTunnel(target);
        context.put(Transport.CONTEXT_KEY, transport);
        context.put(ClientConnector.CONTEXT_KEY, client.getClientConnector());
        context.put(
                ProxyTransport.UPSTREAM_CONTEXT_KEY,
                new Authority(target.uri().getHost(), target.uri().getPort()));
        context.put(ClientConnectionFactory.CONTEXT_KEY, factory(target, attempt));
        context.put(
                ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
                Promise.<Connection>from(connection -> {}, attempt::connectFailed));
        context.put(HTTP2Client.CONTEXT_KEY, client);
        context.put(HTTP2Client.SESSION_LISTENER_CONTEXT_KEY, outcome.session());
        context.put(
                HTTP2Client.SESSION_PROMISE_CONTEXT_KEY,
                Promise.<Session>from(session -> attempt.connected(), attempt::failed));
        transport.connect(found.get(number), context);
    }

    private ClientConnectionFactory factory(Target target, Attempt attempt) {
        ClientConnector connector = client.getClientConnector();
        return target.isSecure()
                ? connector.newSslClientConnectionFactory(tls, attempt::newEncryptedConnection)
                : attempt::newConnection;
    }

    /** The attempt to connect to one address. */
    private final class Attempt {
        private final Target target;
        private final Outcome outcome;
        private final List<InetSocketAddress> found;
        private final int number;
        private final Map<String, Object> context = new ConcurrentHashMap<>();
        private final AtomicBoolean isOver = new AtomicBoolean();

        Attempt(Target target, Outcome outcome, List<InetSocketAddress> found, int number) {
            this.target = target;
            this.outcome = outcome;
            this.found = found;
            this.number = number;
        }

        Connection newEncryptedConnection(EndPoint endPoint, Map<String, Object> given) {
            // The socket itself: TLS would first finish its handshake and say good-bye.
            outcome.onOpened(((EndPoint.Wrapper) endPoint).unwrap());
            SSLEngine engine = (SSLEngine) Objects.requireNonNull(given.get(SSLEngine.class.getName()));
            if (!connectTimeout.isZero()) {
                // For the handshake; TCP has its own.
                endPoint.setIdleTimeout(connectTimeout.toMillis());
            }
            return new AlpnConnection(
                    endPoint, client.getExecutor(), engine, protocol -> agreed(protocol, endPoint), this::failed);
        }

        private void agreed(String protocol, EndPoint endPoint) {
            if (protocol.equals(H2)) {
                endPoint.setIdleTimeout(client.getIdleTimeout());
                endPoint.upgrade(newConnection(endPoint, context));
                return;
            }
            endPoint.close();
            if (mayBeHttp1) {
                logger.debug("{} has chosen HTTP/1.1", target.uri());
                end(outcome::agreedToHttp1);
            } else {
                failed(new NoHttp2Exception("h2 was offered and not chosen", null));
            }
        }

        Connection newConnection(EndPoint endPoint, Map<String, Object> given) {
            Connection connection =
                    new HTTP2ClientConnectionFactory().newConnection(new Http2UpstreamEndPoint(endPoint), given);
            connection.addEventListener(outbound);
            return connection;
        }

        void connected() {
            end(outcome::connected);
        }

        void connectFailed(Throwable cause) {
            boolean hasNext = number + 1 < found.size();
            end(() -> {
                if (hasNext && cause instanceof IOException && !outcome.isAbandoned()) {
                    connect(target, outcome, found, number + 1);
                } else {
                    outcome.failed(cause);
                }
            });
        }

        void failed(Throwable cause) {
            end(() -> outcome.failed(cause));
        }

        private void end(Runnable action) {
            if (isOver.compareAndSet(false, true)) {
                action.run();
            }
        }
    }
}
