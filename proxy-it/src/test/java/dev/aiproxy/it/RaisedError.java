package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;

/** What a client tells its user when the vendor has refused a call. */
final class RaisedError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;
    private final transient JsonNode error;

    /**
     * Describes one.
     *
     * @param type the simple name of the client's own error class
     * @param status the status the client has seen
     * @param error the {@code error} member of the answer, as the client has read it
     */
    RaisedError(String type, int status, JsonNode error) {
        super(type + " " + status + ": " + error);
        this.type = type;
        this.status = status;
        this.error = error;
    }

    String type() {
        return type;
    }

    int status() {
        return status;
    }

    JsonNode error() {
        return error;
    }
}
