package dev.aiproxy.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** Tells what an exception from the upstream side means. */
final class FailureMapping {

    /** How far the exchange had come when the exception struck. */
    enum Phase {
        /** No connection yet over which a head could be sent; a TLS handshake is part of this. */
        CONNECTING,
        /** The request head is sent, no response head has come. */
        WAITING,
        /** The response head has arrived. */
        RESPONDING
    }

    private FailureMapping() {}

    static Failure of(Throwable thrown, Phase phase) {
        if (has(thrown, NoHttp2Exception.class)) {
            return phase == Phase.RESPONDING ? Failure.UPSTREAM_CUT : Failure.UPSTREAM_VERSION_REFUSED;
        }
        return switch (phase) {
            case CONNECTING -> whileConnecting(thrown);
            case WAITING -> whileWaiting(thrown);
            case RESPONDING ->
                has(thrown, TimeoutException.class) ? Failure.UPSTREAM_IDLE_TIMEOUT : Failure.UPSTREAM_CUT;
        };
    }

    private static Failure whileConnecting(Throwable thrown) {
        if (thrown instanceof RefusedAddressException refused) {
            return refused.failure();
        }
        if (thrown instanceof UpstreamProxyException proxy) {
            return proxy.failure();
        }
        if (has(thrown, UnknownHostException.class) || has(thrown, UnresolvedAddressException.class)) {
            return Failure.UPSTREAM_UNKNOWN_HOST;
        }
        // Before SSLException's turn: Jetty puts a TimeoutException under a handshake that it gave up.
        if (has(thrown, SocketTimeoutException.class) || has(thrown, TimeoutException.class) || isGivenUp(thrown)) {
            return Failure.UPSTREAM_CONNECT_TIMEOUT;
        }
        if (has(thrown, SSLException.class)) {
            return Failure.UPSTREAM_TLS_FAILED;
        }
        if (has(thrown, RejectedExecutionException.class)) {
            return Failure.TOO_MANY_STREAMS;
        }
        return has(thrown, ConnectException.class) ? Failure.UPSTREAM_CONNECT_REFUSED : Failure.UPSTREAM_CONNECT_FAILED;
    }

    /** Whether the system has given up connecting, which it does after minutes: ETIMEDOUT, connect(2). */
    private static boolean isGivenUp(Throwable thrown) {
        ConnectException refusal = find(thrown, ConnectException.class);
        return refusal != null && "Connection timed out".equals(refusal.getMessage());
    }

    private static Failure whileWaiting(Throwable thrown) {
        if (has(thrown, TimeoutException.class)) {
            return Failure.UPSTREAM_IDLE_TIMEOUT;
        }
        boolean isParsed = has(thrown, HttpException.class) || !has(thrown, IOException.class);
        return isParsed ? Failure.UPSTREAM_BAD_RESPONSE : Failure.UPSTREAM_CLOSED;
    }

    private static boolean has(Throwable thrown, Class<?> type) {
        return find(thrown, type) != null;
    }

    private static <T> @Nullable T find(Throwable thrown, Class<T> type) {
        // Bounded, since a chain of causes may be a ring.
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
