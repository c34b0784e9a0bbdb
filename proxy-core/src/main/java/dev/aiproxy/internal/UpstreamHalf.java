package dev.aiproxy.internal;

/** What an exchange has on the side of the upstream: a request, an attempt to connect, or one end of a tunnel. */
interface UpstreamHalf {

    /** Starts; called once. */
    void send();

    /** Lets go of the upstream at once. Without effect on what is over. */
    void abort(Throwable cause);

    /** Whether the upstream may be working for this exchange, so that it matters to it when it is aborted. */
    boolean isWriting();

    /** Whether the client has sent all it has to, so that nobody reads from it. */
    boolean isRequestRead();

    /** Whether the client has more to send that the upstream does not take. */
    boolean isRequestStalled();

    /**
     * Throws away what is left of the request.
     *
     * @return whether there is anything left, so that {@code whenDone} will run
     */
    boolean drainRequest(Runnable whenDone);

    /** Called a few times a second while the exchange has neither settled nor ended. */
    void onTick(long now);

    /** Whether something is due that only {@link #onTick} would miss. */
    boolean awaitsTick();
}
