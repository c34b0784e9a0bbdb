package dev.aiproxy.internal;

import org.eclipse.jetty.io.EndPoint;

/** One end of a tunnel: a connection, or a stream of one. */
interface TunnelEnd {

    /** Where its bytes are read and written, above TLS if there is any. */
    EndPoint endPoint();

    /** The tunnel has begun; {@code broken} runs if that becomes known without anybody reading from this end. */
    void open(Runnable broken);

    /** Whether a read that found an end met a reset in truth. */
    boolean isEndAReset();

    /** Looks for a reset while nobody reads from this end; on the ticker's thread. */
    void watch(ResetProbe resetProbe, Runnable broken);

    /** Closes it so that the peer does not take it for a regular end. */
    void reset(Throwable cause);
}
