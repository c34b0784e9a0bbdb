package dev.aiproxy.internal;

import dev.aiproxy.Outcome;
import java.util.Locale;

/**
 * Every way an exchange can go wrong: one row each, told to clients in docs/failures.md.
 *
 * <p>The status and the message are for a client that has not been sent anything yet; otherwise its response is torn.
 * Messages name no address and no class: they leave the machine.
 */
enum Failure {
    BAD_REQUEST(400, Outcome.REFUSED, "the request is not valid HTTP"),
    HTTPS_REQUIRED(400, Outcome.REFUSED, "this port speaks HTTPS only; the base URL must begin with https"),
    TOKEN_REQUIRED(401, Outcome.REFUSED, "this proxy asks for a token of its own; send it as the API key"),
    CLIENT_NOT_ALLOWED(403, Outcome.REFUSED, "this client is not among those that may use this proxy"),
    FORWARD_NOT_ALLOWED(
            403, Outcome.REFUSED, "this proxy may not forward to that host and port; FORWARD_ALLOW says where"),
    FORWARD_ADDRESS_NOT_ALLOWED(
            403,
            Outcome.REFUSED,
            "that host has no public address; such a host must be named outright in FORWARD_ALLOW"),
    PROXY_TOKEN_REQUIRED(407, Outcome.REFUSED, "this proxy asks for a token; send it as the proxy's password"),
    CLIENT_BODY_TIMEOUT(408, Outcome.TIMED_OUT, "the rest of the request did not arrive in time"),
    EXPECTATION_FAILED(417, Outcome.REFUSED, "the only expectation that can be met is 100-continue"),
    TOO_MANY_ATTEMPTS(429, Outcome.REFUSED, "too many requests without a valid token; try again in a minute"),
    HEADER_TOO_LARGE(431, Outcome.REFUSED, "the request head is larger than this proxy accepts"),
    REQUEST_LOOP(508, Outcome.REFUSED, "the request came back to this proxy: its target leads to itself"),
    HTTP_VERSION_NOT_SUPPORTED(505, Outcome.REFUSED, "the request is not in an HTTP version that is spoken here"),
    TOO_MANY_STREAMS(503, Outcome.REFUSED, "this proxy carries as many requests as it is allowed to; try again soon"),
    SHUTTING_DOWN(503, Outcome.REFUSED, "this proxy is about to stop; try again soon"),
    PROXY_ERROR(500, Outcome.UPSTREAM_FAILED, "the proxy failed; its log tells why"),

    UPSTREAM_CONNECT_REFUSED(502, Outcome.UPSTREAM_FAILED, "the AI server refused the connection"),
    UPSTREAM_CONNECT_FAILED(502, Outcome.UPSTREAM_FAILED, "the AI server could not be reached"),
    UPSTREAM_UNKNOWN_HOST(502, Outcome.UPSTREAM_FAILED, "the name of the AI server is not known"),
    UPSTREAM_TLS_FAILED(502, Outcome.UPSTREAM_FAILED, "no trusted TLS connection to the AI server could be made"),
    UPSTREAM_PROXY_UNREACHABLE(
            502,
            Outcome.UPSTREAM_FAILED,
            "the proxy on the way to the AI server (UPSTREAM_PROXY) could not be reached"),
    UPSTREAM_PROXY_AUTH_FAILED(
            502,
            Outcome.UPSTREAM_FAILED,
            "the proxy on the way to the AI server does not take the user and password in UPSTREAM_PROXY"),
    UPSTREAM_PROXY_REFUSED(
            502,
            Outcome.UPSTREAM_FAILED,
            "the proxy on the way to the AI server (UPSTREAM_PROXY) made no connection to it"),
    UPSTREAM_PROXY_BAD_RESPONSE(
            502,
            Outcome.UPSTREAM_FAILED,
            "the proxy on the way to the AI server (UPSTREAM_PROXY) gave no answer that a proxy gives"),
    UPSTREAM_PROXY_TIMEOUT(
            504,
            Outcome.TIMED_OUT,
            "the proxy on the way to the AI server (UPSTREAM_PROXY) made no connection within the connect timeout"),
    UPSTREAM_VERSION_REFUSED(
            502, Outcome.UPSTREAM_FAILED, "the AI server does not speak HTTP/2, which this proxy is set to"),
    UPSTREAM_CLOSED(502, Outcome.UPSTREAM_FAILED, "the AI server closed the connection without an answer"),
    UPSTREAM_BAD_RESPONSE(502, Outcome.UPSTREAM_FAILED, "the answer of the AI server is not valid HTTP"),
    UPSTREAM_CONNECT_TIMEOUT(504, Outcome.TIMED_OUT, "no connection to the AI server within the connect timeout"),
    UPSTREAM_FIRST_BYTE_TIMEOUT(504, Outcome.TIMED_OUT, "the AI server did not answer within the first byte timeout"),
    UPSTREAM_IDLE_TIMEOUT(504, Outcome.TIMED_OUT, "the AI server was silent for longer than the stream idle timeout"),

    UPSTREAM_CUT(502, Outcome.UPSTREAM_CUT, "the AI server broke off its answer"),
    CLIENT_IDLE_TIMEOUT(408, Outcome.TIMED_OUT, "the client took no bytes for too long"),
    CLIENT_GONE(499, Outcome.CLIENT_GONE, "the client left"),
    SHUT_DOWN(503, Outcome.SHUT_DOWN, "this proxy was stopped");

    private final int status;
    private final Outcome outcome;
    private final String message;

    Failure(int status, Outcome outcome, String message) {
        this.status = status;
        this.outcome = outcome;
        this.message = message;
    }

    int status() {
        return status;
    }

    Outcome outcome() {
        return outcome;
    }

    String message() {
        return message;
    }

    /** Stable name, as clients and logs see it. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The error body, in the shape that OpenAI's SDKs parse. */
    String json() {
        // Code and message are constants of this file and need no escaping.
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"proxy_error\",\"code\":\"" + code() + "\"}}";
    }
}
