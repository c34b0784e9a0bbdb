package dev.aiproxy.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The upstream does not speak HTTP/2, although it must. */
final class NoHttp2Exception extends IOException {

    private static final long serialVersionUID = 1L;

    NoHttp2Exception(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
