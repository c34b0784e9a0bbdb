package dev.aiproxy;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * The settings in effect, as {@link ForwardProxyBuilder} made them. Read-only; each is explained, with its range and
 * default, at the builder's method of the same name.
 *
 * @param target scheme, host and port of the AI server; the port is always there, the path never
 * @param targetCa certificates trusted for the target in addition to the system's roots
 * @param targetTlsVerify whether the target's certificate and host name are checked
 * @param listenHost host name or IP literal to listen on
 * @param listenPort port to listen on, 0 for a free one
 * @param connectTimeout zero means none, as for every duration here
 * @param firstByteTimeout longest wait for a response head
 * @param streamIdleTimeout longest silence within an exchange
 * @param clientIdleTimeout longest silence of a client's connection between exchanges
 * @param headerTimeout longest time a client may take to send a request head
 * @param drainTimeout how long exchanges in flight may go on when the proxy is closed
 * @param maxHeaderBytes largest request or response head
 * @param maxStreams most exchanges in flight at once
 * @param replayBufferBytes how much of a request body is kept to be sent once more
 * @param maxConnections most connections of clients at once
 * @param allowHalfClose whether a client that has ended its side still waits for its response
 */
public record ProxyConfig(
        URI target,
        List<X509Certificate> targetCa,
        boolean targetTlsVerify,
        String listenHost,
        int listenPort,
        Duration connectTimeout,
        Duration firstByteTimeout,
        Duration streamIdleTimeout,
        Duration clientIdleTimeout,
        Duration headerTimeout,
        Duration drainTimeout,
        int maxHeaderBytes,
        int maxStreams,
        int replayBufferBytes,
        int maxConnections,
        boolean allowHalfClose) {

    /** Copies the lists it is given. */
    public ProxyConfig {
        targetCa = List.copyOf(targetCa);
    }

    /**
     * The same settings with another target.
     *
     * @param newTarget see {@link ForwardProxyBuilder#target}
     * @throws IllegalArgumentException if it has another form
     */
    public ProxyConfig withTarget(URI newTarget) {
        return new ProxyConfig(
                TargetUri.normalized(newTarget),
                targetCa,
                targetTlsVerify,
                listenHost,
                listenPort,
                connectTimeout,
                firstByteTimeout,
                streamIdleTimeout,
                clientIdleTimeout,
                headerTimeout,
                drainTimeout,
                maxHeaderBytes,
                maxStreams,
                replayBufferBytes,
                maxConnections,
                allowHalfClose);
    }
}
