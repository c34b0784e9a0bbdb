package dev.aiproxy.launcher;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;

/** Why spans could not be sent, in a few words. */
final class TraceFailure {

    private TraceFailure() {}

    static String reason(CompletableResultCode result) {
        Throwable failure = result.getFailureThrowable();
        if (failure == null) {
            return "no answer in time";
        }
        return status(failure).map(status -> "it answers " + status).orElseGet(() -> reason(failure));
    }

    /** The library has no other way to ask for it. */
    private static Optional<Integer> status(Throwable failure) {
        return failure instanceof FailedExportException.HttpExportException http && http.getResponse() != null
                ? Optional.of(http.getResponse().getStatusCode())
                : Optional.empty();
    }

    private static String reason(Throwable failure) {
        if (isCausedBy(failure, UnresolvedAddressException.class)) {
            return "unknown host";
        }
        if (isCausedBy(failure, HttpTimeoutException.class)) {
            return "no answer in time";
        }
        if (isCausedBy(failure, ConnectException.class)) {
            return "nobody listens there";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : Shown.oneLine(root.getMessage());
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
