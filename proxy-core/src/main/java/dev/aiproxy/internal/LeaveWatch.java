package dev.aiproxy.internal;

import org.jspecify.annotations.Nullable;

/**
 * Looks for a client's leave while nobody reads from it: by reading, where that takes nothing from anybody, else by asking for a
 * reset. Most exchanges are over before they get one, since it costs two trips to the selector.
 *
 * <p>Called by the selector threads of both sides, and the ticker.
 */
final class LeaveWatch {

    private final ClientResponse response;
    private final boolean allowsHalfClose;
    /** Made once, since the ticker hands it out again and again. */
    private final Runnable gone;

    private volatile boolean isForGood;

    /** @param allowsHalfClose whether a client that sends no more may still be there, so that reading would not tell */
    LeaveWatch(ClientResponse response, boolean allowsHalfClose, Runnable gone) {
        this.response = response;
        this.allowsHalfClose = allowsHalfClose;
        this.gone = gone;
    }

    /** Whether it stays until the exchange ends; if not, it is to be begun again. */
    boolean isForGood() {
        return isForGood;
    }

    /** The response pauses behind data: watches by reading, if the client has sent all it has to. */
    void beginByReading(@Nullable UpstreamHalf upstream) {
        if (upstream != null && upstream.isRequestRead() && !allowsHalfClose) {
            isForGood = response.watch(gone);
        }
    }

    /** Watches in whichever way is left, if the client may leave unnoticed. */
    void begin(UpstreamHalf upstream, ResetProbe resetProbe) {
        boolean isRequestRead = upstream.isRequestRead();
        if (isForGood || !isRequestRead && !upstream.isRequestStalled()) {
            return;
        }
        boolean isBegun =
                isRequestRead && !allowsHalfClose ? response.watch(gone) : response.watchForReset(resetProbe, gone);
        isForGood = isRequestRead && isBegun;
    }
}
