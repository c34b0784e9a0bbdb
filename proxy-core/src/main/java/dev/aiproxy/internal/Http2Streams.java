package dev.aiproxy.internal;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Jetty's streams under requests in HTTP/2, which know what requests and responses do not. */
final class Http2Streams {

    private static final String ON_CLOSED = Http2Streams.class.getName() + ".onClosed";
    private static final String BODILESS = Http2Streams.class.getName() + ".bodiless";

    private Http2Streams() {}

    /** The stream of a request; nothing if the request is not in HTTP/2, or its stream is gone. */
    static @Nullable HTTP2Stream of(Request request) {
        return request.getConnectionMetaData().getConnection() instanceof HTTP2Connection connection
                ? connection.getSession().getStream(Integer.parseInt(request.getId()))
                : null;
    }

    /** The head of a request has come; what is behind it may have come with it, but has not been read. */
    static void opened(Stream stream, HeadersFrame head) {
        if (head.isEndStream()) {
            stream.setAttribute(BODILESS, true);
        }
    }

    /**
     * Whether a request has ended with its head. That the client has ended its stream by now says less: a whole body may
     * have come together with the head.
     */
    static boolean isBodiless(HTTP2Stream stream) {
        return stream.getAttribute(BODILESS) != null;
    }

    /**
     * Runs an action when a stream is closed, by whatever: its regular end, a reset from either side, the loss of its
     * connection. Jetty resets streams by itself, too, and tells no request of that. Replaces an earlier action; runs at
     * once if the stream is closed already, and so maybe twice.
     */
    static void onClosed(HTTP2Stream stream, Runnable action) {
        stream.setAttribute(ON_CLOSED, action);
        if (stream.isClosed()) {
            action.run();
        }
    }

    /** Jetty has closed a stream. */
    static void closed(Stream stream) {
        if (stream.getAttribute(ON_CLOSED) instanceof Runnable action) {
            action.run();
        }
    }

    /** Resets a stream, unless either side has done so: each reset counts against the client, and one is enough. */
    static void reset(HTTP2Stream stream, ErrorCode reason) {
        if (!stream.isReset()) {
            stream.reset(new ResetFrame(stream.getId(), reason.code), Callback.NOOP);
        }
    }
}
