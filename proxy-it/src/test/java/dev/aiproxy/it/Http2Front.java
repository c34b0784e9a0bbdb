package dev.aiproxy.it;

import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.TargetHttpVersion;
import java.util.List;
import java.util.Optional;
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
    private Optional<FrameServer> server = Optional.empty();

    Http2Front(boolean isSecure) {
        this.isSecure = isSecure;
    }

    /** Stands before this upstream from now on, and points a proxy there. */
    void setUp(ScriptedUpstream upstream, ForwardProxyBuilder proxy) {
        ServerSessionListener listener = new ServerSessionListener() {
            @Override
            public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
                return open(stream, frame, upstream);
            }

            @Override
            public boolean onIdleTimeout(Session session) {
                return false;
            }
        };
        FrameServer opened =
                isSecure ? FrameServer.tls(listener, TestCertificates.get().localhost()) : FrameServer.plain(listener);
        server = Optional.of(opened);
        proxy.target(opened.uri()).targetHttpVersion(TargetHttpVersion.HTTP_2);
        if (isSecure) {
            proxy.targetCa(List.of(TestCertificates.get().authority()));
        }
    }

    private Stream.Listener open(Stream stream, HeadersFrame frame, ScriptedUpstream upstream) {
        String authority = server.orElseThrow().uri().getAuthority();
        Http2FrontStream opened = new Http2FrontStream(stream, frame, upstream, authority);
        opened.start();
        return opened;
    }

    @Override
    public void close() {
        server.ifPresent(FrameServer::close);
    }
}
