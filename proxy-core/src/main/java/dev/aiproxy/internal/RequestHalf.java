package dev.aiproxy.internal;

import org.jspecify.annotations.Nullable;

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

    /** What the client sends with it, if anything. */
    @Nullable
    RequestBody body();

    @Override
    default boolean isRequestRead() {
        RequestBody body = body();
        return body == null || body.isAllHere();
    }

    /** Whether the client's body, or some of it, is still to be taken. */
    default boolean isOwed() {
        RequestBody body = body();
        return body != null && !body.isCompletelyRead();
    }

    @Override
    default boolean isRequestStalled() {
        RequestBody body = body();
        return body != null && body.isStalled();
    }

    @Override
    default boolean drainRequest(Runnable whenDone) {
        RequestBody body = body();
        if (body == null || body.isCompletelyRead()) {
            return false;
        }
        body.drain(whenDone);
        return true;
    }

    /** The response has reached the client; a request still being sent has nobody left to answer it. */
    void onResponseComplete();
}
