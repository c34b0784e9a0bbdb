package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange: the response to it, in the version of HTTP that it speaks, and what can be told of the
 * client meanwhile.
 *
 * <p>Writes come one after another. {@link #tear} may come from any thread at any time.
 */
interface ClientResponse {

    /** Whether the request has a body. */
    boolean hasBody();

    /** Whether the client can be sent such a head at all. */
    boolean fits(ResponseHead head);

    /** Claims the right to write the head; whoever gets {@code true} must write one. */
    boolean commit();

    /**
     * Writes a 1xx head, unless the final one has been claimed or the client is too old to know of such.
     *
     * @return false if too many wait for a client that does not read
     */
    boolean writeInterim(ResponseHead head);

    /**
     * Writes what has arrived.
     *
     * @param head the head if it has not been written yet, for which {@link #commit()} was claimed
     * @param data body data, maybe none; not released here
     * @param last whether the response ends with this
     * @param trailers fields behind the body, maybe none
     */
    void write(
            @Nullable ResponseHead head,
            List<Content.Chunk> data,
            boolean last,
            HttpFields trailers,
            Callback callback);

    /** The response is written: if its connection ends with it, says so to the client. */
    void end();

    /** Jetty has noticed that the client is silent: lets a write that it holds up fail, if one is under way. */
    void failWrite(Throwable cause);

    /**
     * What is to be made of a client that has been silent for too long, where Jetty does not notice.
     *
     * @param now in terms of the nano clock
     */
    @Nullable
    Failure overdue(long now);

    /** Whether {@link #overdue} may come to tell something, so that it has to be asked. */
    boolean awaitsTick();

    /** Breaks the response off so that no client takes it for a whole one. */
    void tear(Throwable cause);

    /**
     * Looks for the client's leave from now on, where nobody else does, by reading: only when that would take nothing from
     * anybody. {@code gone} replaces an earlier one.
     *
     * @return whether it does from now on; if not, it has to be asked again
     */
    boolean watch(Runnable gone);

    /**
     * Looks for the client's reset alone, where reading could take something; {@code gone} replaces an earlier one.
     *
     * @return as for {@link #watch}
     */
    boolean watchForReset(ResetProbe resetProbe, Runnable gone);

    // For tunnels: what comes behind their head is no HTTP.

    /** The client's end of a tunnel. */
    TunnelEnd tunnelEnd();

    /**
     * Writes the head behind which the tunnel begins, for which {@link #commit()} was claimed.
     *
     * @param http1Head the whole head as HTTP/1.1 has it; HTTP/2 knows nothing but its status
     */
    void writeTunnelHead(int status, HeadWriter http1Head, Callback callback);

    /**
     * Takes the client's end from Jetty, which reads from it no more.
     *
     * @return what has been read from it behind the request
     */
    ByteBuffer takeConnection();

    /** Both directions of the tunnel have ended. */
    void endTunnel();
}
