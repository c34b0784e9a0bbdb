package dev.aiproxy.internal;

import java.io.IOException;

/** A name led only to addresses that no connection is made to. */
final class RefusedAddressException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    RefusedAddressException(Failure failure) {
        super(failure.code());
        this.failure = failure;
    }

    /** What that means. */
    Failure failure() {
        return failure;
    }
}
