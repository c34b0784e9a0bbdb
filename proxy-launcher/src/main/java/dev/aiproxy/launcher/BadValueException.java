package dev.aiproxy.launcher;

/** A text that is no value of its {@link ValueType}. The message adds to what the type allows; it may be empty. */
final class BadValueException extends Exception {

    private static final long serialVersionUID = 1L;

    BadValueException() {
        super("");
    }

    BadValueException(String detail, Throwable cause) {
        super(detail, cause);
    }

    BadValueException(String detail) {
        super(detail);
    }
}
