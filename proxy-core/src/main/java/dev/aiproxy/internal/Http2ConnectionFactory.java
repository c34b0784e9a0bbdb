package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.SessionContainer;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;

/**
 * Makes an HTTP/2 connection of one that begins with HTTP/2's preface, under TLS as well as without: to an HTTP/1.1 parser
 * the preface is a request for {@code PRI *}, and so Jetty hands the connection over. Under TLS the client must have agreed
 * to {@code h2} before (RFC 9113 §3.3). HTTP/1.1's own {@code Upgrade: h2c} is not offered: RFC 9113 §3.1 has dropped it.
 */
final class Http2ConnectionFactory extends HTTP2CServerConnectionFactory {

    /** Of one connection at once; what browsers and servers commonly agree on. */
    static final int MAX_STREAMS = 128;

    /**
     * What may be under way of one request's body, and of all of a connection's: as many as there may be streams, so that
     * bodies that the upstream does not take never hold up others.
     */
    private static final int STREAM_WINDOW_BYTES = 128 * 1024;

    private static final int SESSION_WINDOW_BYTES = MAX_STREAMS * STREAM_WINDOW_BYTES;

    /**
     * Of one connection in a second: resets by the client, resets that it brings about, pings, settings, priorities, empty
     * data, fragments of heads, and frames for streams that are gone. An honest client that cancels all its streams at once
     * brings about two for each; CVE-2023-44487 and CVE-2025-8671 take thousands.
     */
    private static final int MAX_ODD_FRAMES = 8 * MAX_STREAMS;

    /**
     * A head this many times too large ends its connection; below that it is answered. HTTP/2 counts 32 bytes more for each
     * field, too.
     */
    private static final int HEAD_TOLERANCE = 4;

    /** Jetty takes a buffer of this size for each head that it sends; larger ones are not pooled. */
    private static final int RESPONSE_HEAD_BYTES = 64 * 1024;

    /**
     * Describes the connections.
     *
     * @param http one of its own, since it is changed here
     */
    Http2ConnectionFactory(HttpConfiguration http) {
        super(http);
        setMaxConcurrentStreams(MAX_STREAMS);
        setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        setInitialSessionRecvWindow(SESSION_WINDOW_BYTES);
        setStreamIdleTimeout(-1);
        setConnectProtocolEnabled(false);
        setRateControlFactory(new WindowRateControl.Factory(MAX_ODD_FRAMES));
        addEventListener(new Http2EndPoint.Frames());
    }

    /** Of connections that come from now on. */
    void limitHeads(int bytes) {
        getHttpConfiguration().setRequestHeaderSize(HEAD_TOLERANCE * bytes);
        getHttpConfiguration().setMaxResponseHeaderSize(Math.max(bytes, RESPONSE_HEAD_BYTES));
    }

    /** Tells all clients that their connections end with what is in flight (GOAWAY). */
    void shutdownSessions() {
        SessionContainer sessions = getBean(SessionContainer.class);
        sessions.getSessions().forEach(Http2ConnectionFactory::waitFor);
        sessions.shutdown();
    }

    /** Once one side has said goodbye, Jetty takes a quiet connection for one that does not react, streams or not. */
    private static void waitFor(Session session) {
        ((HTTP2Session) session).getEndPoint().setIdleTimeout(-1);
    }

    @Override
    public Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response) {
        boolean isPreface = HttpMethod.PRI.is(request.getMethod());
        ClientEndPoint client = (ClientEndPoint) endPoint;
        // Behind a request, it may have been smuggled through somebody's connection.
        boolean isBegin = isPreface && !client.isUsed() && isAgreed(client);
        return isBegin ? super.upgradeConnection(connector, client, request, response) : null;
    }

    private static boolean isAgreed(ClientEndPoint client) {
        return !(client.unwrap() instanceof SslConnection.SslEndPoint tls)
                || "h2".equals(tls.getSslConnection().getSSLEngine().getApplicationProtocol());
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        EndPoint below = endPoint instanceof ClientEndPoint client ? client.unwrap() : endPoint;
        return super.newConnection(connector, new Http2EndPoint(below));
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new Streams(endPoint);
    }

    private final class Streams extends HTTPServerSessionListener {
        Streams(EndPoint endPoint) {
            super(endPoint);
        }

        @Override
        public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
            Http2Streams.opened(stream, frame);
            return super.onNewStream(stream, frame);
        }

        /** Who says goodbye waits for what is in flight; Jetty would call that a client that does not react. */
        @Override
        public void onGoAway(Session session, GoAwayFrame frame) {
            waitFor(session);
            super.onGoAway(session, frame);
        }

        @Override
        public void onClosed(Stream stream) {
            Http2Streams.closed(stream);
        }

        /** A head could not be read: this answers 400. */
        @Override
        public void onStreamFailure(Stream stream, Throwable failure, Callback callback) {
            super.onStreamFailure(stream, failure, Callback.from(callback, () -> endConnection(stream)));
        }

        /** Jetty's decoder keeps what it had of a head like that, and would refuse all that come behind it. */
        private void endConnection(Stream stream) {
            stream.getSession().close(ErrorCode.PROTOCOL_ERROR.code, "malformed_head", Callback.NOOP);
        }
    }
}
