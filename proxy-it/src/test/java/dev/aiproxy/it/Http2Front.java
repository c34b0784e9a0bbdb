package dev.aiproxy.it;

import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.TargetHttpVersion;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;

/**
 * Makes an HTTP/2 upstream of a {@link ScriptedUpstream}: each stream is a connection of its own there, and what its script
 * does becomes frames. A connection that breaks is a stream that is reset, and the other way round. So the same scripts
 * and the same records serve both versions.
 */
final class Http2Front implements AutoCloseable {
    private final boolean isSecure;
    private final ScriptedUpstream upstream;
    private final FrameServer server;

    private Http2Front(boolean isSecure, ScriptedUpstream upstream) {
        this.isSecure = isSecure;
        this.upstream = upstream;
        ServerSessionListener listener = new ServerSessionListener() {
            @Override
            public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
                return open(stream, frame);
            }

            @Override
            public boolean onIdleTimeout(Session session) {
                return false;
            }
        };
        server = isSecure ? FrameServer.tls(listener, TestCertificates.get().localhost()) : FrameServer.plain(listener);
    }

    /** Stands before an upstream from now on. */
    static Http2Front open(boolean isSecure, ScriptedUpstream upstream) {
        return new Http2Front(isSecure, upstream);
    }

    /** As a target. */
    URI uri() {
        return server.uri();
    }

    /** Connections that are open. */
    int connections() {
        return server.connections();
    }

    /** Points a proxy here. */
    void setUp(ForwardProxyBuilder proxy) {
        proxy.target(uri()).targetHttpVersion(TargetHttpVersion.HTTP_2);
        if (isSecure) {
            proxy.targetCa(List.of(TestCertificates.get().authority()));
        }
    }

    private Stream.Listener open(Stream stream, HeadersFrame frame) {
        Http2FrontStream opened = new Http2FrontStream(stream, frame, upstream, uri().getAuthority());
        opened.start();
        return opened;
    }

    @Override
    public void close() {
        server.close();
    }
}
