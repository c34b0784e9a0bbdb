package dev.aiproxy.internal;

/** The upstream half of an exchange that is a request, in whatever version of HTTP. */
interface RequestHalf extends UpstreamHalf {

    /**
     * Sends the request once more after a failure, if the upstream cannot have acted on it.
     *
     * @param cause of the failure
     * @return whether it was
     */
    boolean replay(Throwable cause);

    /** What a failure of this request means. */
    Failure failureOf(Throwable cause);

    /** The response has reached the client; a request still being sent has nobody left to answer it. */
    void onResponseComplete();
}
