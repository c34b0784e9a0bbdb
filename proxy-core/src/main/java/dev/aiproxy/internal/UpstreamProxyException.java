package dev.aiproxy.internal;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The upstream proxy gave no connection. Messages hold nothing that it said, and no credentials. */
final class UpstreamProxyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    UpstreamProxyException(Failure failure, String message) {
        this(failure, message, null);
    }

    private UpstreamProxyException(Failure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    /** What a failure means that struck on the way to the proxy. */
    static Throwable of(Throwable cause) {
        if (cause instanceof UpstreamProxyException || cause instanceof RefusedAddressException) {
            return cause;
        }
        if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
            return new UpstreamProxyException(Failure.UPSTREAM_PROXY_TIMEOUT, "no connection in time", cause);
        }
        boolean isNetwork = cause instanceof IOException || cause instanceof UnresolvedAddressException;
        return isNetwork
                ? new UpstreamProxyException(Failure.UPSTREAM_PROXY_UNREACHABLE, "no connection", cause)
                : cause;
    }

    Failure failure() {
        return failure;
    }
}
