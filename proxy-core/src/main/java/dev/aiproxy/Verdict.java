package dev.aiproxy;

/** Whether an {@link AiAnswer} was whole. Its {@link Outcome} tells how the exchange around it ended. */
public enum Verdict {
    /** The last event of the stream went out, or all of the JSON body. What came afterwards, a cut even, took nothing away. */
    COMPLETE,

    /** The AI server broke off before. */
    UPSTREAM_CUT,

    /** The client left before. */
    CLIENT_GONE,

    /** A time limit ran out before. */
    TIMEOUT,

    /** The proxy was stopped before. */
    SHUT_DOWN,

    /** The stream ended in order, but without the event that ends its kind: the AI server gave up halfway. */
    NO_TERMINAL_EVENT
}
