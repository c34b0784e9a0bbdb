package dev.aiproxy;

/** The settings, each fine by itself, cannot work together or on this machine; nothing was started. */
public final class InvalidConfigException extends ProxyException {

    private static final long serialVersionUID = 1L;

    public InvalidConfigException(String message) {
        super(message);
    }

    public InvalidConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
