package dev.aiproxy.internal;

import java.nio.ByteBuffer;

/** What is said to an upstream proxy until the connection leads to an upstream. Used once, by one thread at a time. */
interface ProxyDialogue {

    /** The first words. */
    ByteBuffer opening();

    /**
     * Takes what the proxy has said, as far as it is complete, and leaves the rest.
     *
     * @return what to say to it; empty if it has to say more, or the dialogue is over
     * @throws UpstreamProxyException if it makes no connection
     */
    ByteBuffer reply(ByteBuffer heard) throws UpstreamProxyException;

    /** Whether the connection leads to the upstream: what has not been taken comes from there. */
    boolean isOver();
}
