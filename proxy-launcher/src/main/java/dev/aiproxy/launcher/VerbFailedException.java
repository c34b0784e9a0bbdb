package dev.aiproxy.launcher;

/** A verb that could not do what it is for. The message is one line for people. */
final class VerbFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    VerbFailedException(String message) {
        super(message);
    }

    VerbFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
