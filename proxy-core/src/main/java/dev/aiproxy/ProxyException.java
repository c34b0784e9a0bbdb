package dev.aiproxy;

/** Something outside the program stands in the way, and the caller can act on it; the message says how. */
public class ProxyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProxyException(String message) {
        super(message);
    }

    public ProxyException(String message, Throwable cause) {
        super(message, cause);
    }
}
