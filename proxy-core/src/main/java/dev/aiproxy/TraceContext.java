package dev.aiproxy;

import java.util.Optional;

/**
 * Which trace a request says that it belongs to, in the words of W3C Trace Context. None of it is checked: it is what the
 * client wrote.
 *
 * @param traceparent value of the field {@code traceparent}; empty if there is none, or more than one
 * @param tracestate values of the fields {@code tracestate}, with commas between them; empty if there is none
 * @param forwarded value of the {@code traceparent} that goes upstream in place of the client's; empty if what the client
 *     sent goes on as it came, which it does unless there is {@link ForwardProxyBuilder#tracePropagation}
 */
public record TraceContext(Optional<String> traceparent, Optional<String> tracestate, Optional<String> forwarded) {

    /** That of a request that says nothing. */
    public static final TraceContext NONE = new TraceContext(Optional.empty(), Optional.empty(), Optional.empty());
}
