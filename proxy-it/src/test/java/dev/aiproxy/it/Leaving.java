package dev.aiproxy.it;

import java.io.IOException;

/** How a client leaves. */
enum Leaving {
    /** The ordinary way; in TLS it says so first. */
    FIN,
    /** It ends its sending direction only; in TLS by a close_notify, and TCP stays open. */
    HALF_CLOSE,
    /** A FIN, and in TLS no word before it. */
    CUT,
    /** A TCP reset. */
    RST;

    /** Leaves and tells when, as of {@link System#nanoTime()}. */
    long from(RawClient client) throws IOException {
        long leftAtNanos = System.nanoTime();
        switch (this) {
            case FIN -> client.fin();
            case HALF_CLOSE -> client.halfClose();
            case CUT -> client.cut();
            case RST -> client.reset();
        }
        return leftAtNanos;
    }
}
