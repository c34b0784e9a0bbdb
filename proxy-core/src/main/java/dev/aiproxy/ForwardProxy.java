package dev.aiproxy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A proxy that forwards HTTP traffic to one AI server, unchanged and at once.
 *
 * <p>It is built by a {@linkplain #builder() builder}, started once and closed once. All methods may be called from any
 * thread.
 */
public interface ForwardProxy extends AutoCloseable {

    /** A builder with every setting at its default. */
    static ForwardProxyBuilder builder() {
        return new ForwardProxyBuilder();
    }

    /**
     * Starts to listen. When this returns, connections are accepted. Its threads keep the JVM alive until the proxy is
     * {@linkplain #close() closed}.
     *
     * @return this proxy
     * @throws InvalidConfigException if the target or the upstream proxy is this proxy itself
     * @throws ProxyException if the listen address is unknown or taken, or the thread is interrupted, which it stays
     * @throws IllegalStateException if it was started or closed before
     */
    ForwardProxy start();

    /**
     * Where the proxy listens; the port is the real one, also if 0 was asked for.
     *
     * @throws IllegalStateException if it is not running
     */
    InetSocketAddress address();

    /** The settings in effect, with what {@link #retarget}, {@link #renewListenTls} and {@link #reconfigure} have changed. */
    ProxyConfig config();

    /**
     * Sends requests that arrive from now on to another AI server. Exchanges in flight stay where they are.
     *
     * @param target see {@link ForwardProxyBuilder#target}
     * @throws IllegalArgumentException if it is not a valid target
     * @throws InvalidConfigException if it is this proxy itself; then nothing has changed
     * @throws IllegalStateException if the proxy was closed
     */
    void retarget(URI target);

    /**
     * Takes requests that arrive from now on by other settings, all of them at once. Exchanges in flight keep those they
     * began with to their end; connections to the target that they do not use are closed if the target, whom to trust
     * there, or a limit on them changes.
     *
     * <p>What a connection of a client begins with stays for as long as it is open: the client idle timeout and the
     * certificate it was shown, and how large the head of a request may be.
     *
     * @param settings every setting, also those that stay; its listeners are left alone. To change a few of them, begin with
     *     those in effect: {@code proxy.reconfigure(proxy.config().toBuilder().maxStreams(10))}
     * @throws InvalidConfigException if the settings cannot be used, or change where and how the proxy listens: {@link
     *     ForwardProxyBuilder#listen}, whether there is {@link ForwardProxyBuilder#listenTls}, {@link
     *     ForwardProxyBuilder#listenHttp2}; then nothing has changed
     * @throws IllegalStateException if it was closed
     */
    void reconfigure(ForwardProxyBuilder settings);

    /**
     * Shows another certificate to clients that connect from now on. Connections that are open stay as they are.
     *
     * @param chain see {@link ForwardProxyBuilder#listenTls}
     * @param key see {@link ForwardProxyBuilder#listenTls}
     * @param clientCa see {@link ForwardProxyBuilder#listenTlsClientCa}
     * @throws IllegalArgumentException if they do not fit together; then nothing has changed
     * @throws IllegalStateException if the proxy speaks plain HTTP to clients, or was closed
     */
    void renewListenTls(List<X509Certificate> chain, PrivateKey key, Collection<X509Certificate> clientCa);

    /** The requests that have arrived and are not over yet, oldest first: a snapshot. */
    List<Exchange> inFlight();

    /**
     * How far the requests have come that have arrived and are not over yet, oldest first: a snapshot, of each exchange by
     * itself. It costs some time for each, so it is for people who look, and not for every request.
     */
    List<ExchangeProgress> progress();

    /** What the proxy has done since it was built: a snapshot. */
    ProxyStats stats();

    /** The connections to the target and to other hosts: a snapshot. It costs a look at each upstream. */
    UpstreamConnections upstreamConnections();

    /**
     * Stops listening and waits until the exchanges in flight are over. Requests that arrive on open connections
     * meanwhile are answered 503. Without effect on a proxy that does not run.
     *
     * @param timeout longest wait, zero or more
     * @return whether all exchanges were over in time; those that were not go on until {@link #close()}
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if a listener calls it: it would wait for what it holds up itself; another thread may
     */
    boolean drain(Duration timeout);

    /**
     * Leaves the port to a successor, and waits until the clients have left: a drain that nobody should notice, for when
     * another process listens there already ({@link PortSharing}) or is to be given the same socket.
     *
     * <p>Connections that wait to be accepted still are, unless they wait at a socket that was
     * {@linkplain ForwardProxyBuilder#listen(java.nio.channels.ServerSocketChannel) given}: those are left to its next
     * owner. Requests on open connections are served as before, and their responses tell the client to come back on
     * another connection. Those that nobody uses are closed. Without effect on a proxy that does not run.
     *
     * @param timeout longest wait, zero or more
     * @param quiet how long a connection must have been idle before it is closed, zero or more. A request that comes in
     *     just that moment is lost, so longer is safer; ten seconds are a good choice where the successor runs already
     * @return whether all clients had left in time; those that had not are served on until {@link #close()}
     * @throws IllegalArgumentException if a time is negative
     * @throws IllegalStateException if a listener calls it: it would wait for what it holds up itself; another thread may
     */
    boolean handOver(Duration timeout, Duration quiet);

    /**
     * Drains for at most {@linkplain ForwardProxyBuilder#drainTimeout the drain time}, tears what is left, and frees
     * every thread and socket. Closing again does nothing. On a thread that is interrupted it does not drain; the thread
     * stays interrupted.
     *
     * @throws IllegalStateException if a listener calls it: it would wait for what it holds up itself; another thread may
     */
    @Override
    void close();
}
