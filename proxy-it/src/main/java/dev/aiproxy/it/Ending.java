package dev.aiproxy.it;

import java.io.IOException;
import java.util.Locale;

/** How a peer ended its direction of a connection. */
public enum Ending {
    /** Not yet. */
    OPEN,
    /** The ordinary way. */
    FIN,
    /** With a TCP reset. */
    RST,
    /** Not at all: this side closed first. */
    CLOSED_HERE;

    /** Which ending a failed read means. */
    static Ending of(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("reset") || message.contains("broken pipe")) {
                return RST;
            }
        }
        return FIN;
    }
}
