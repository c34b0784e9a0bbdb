package dev.aiproxy;

import dev.aiproxy.internal.JettyForwardProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link ForwardProxy}. Each method checks its argument at once. Times above zero and below a millisecond count
 * as one. Not for use by several threads.
 */
public final class ForwardProxyBuilder {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private URI target = URI.create("https://api.openai.com:443");
    private List<X509Certificate> targetCa = List.of();
    private boolean targetTlsVerify = true;
    private Optional<ProxyConfig.ClientCertificate> targetClientCertificate = Optional.empty();
    private Optional<ProxyConfig.UpstreamProxy> upstreamProxy = Optional.empty();
    private List<NoProxyRule> noProxy = List.of();
    private List<ForwardRule> forwardAllow = List.of();
    private String listenHost = "0.0.0.0";
    private int listenPort = 8080;
    private Optional<ProxyConfig.ListenTls> listenTls = Optional.empty();
    private List<X509Certificate> listenTlsClientCa = List.of();
    private boolean listenHttp2 = true;
    private Optional<ServerSocketChannel> listenChannel = Optional.empty();
    private PortSharing portSharing = PortSharing.NONE;
    private TargetHttpVersion targetHttpVersion = TargetHttpVersion.HTTP_1_1;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration firstByteTimeout = Duration.ZERO;
    private Duration streamIdleTimeout = Duration.ofHours(1);
    private Duration clientIdleTimeout = Duration.ofMinutes(2);
    private Duration headerTimeout = Duration.ofSeconds(20);
    private Duration drainTimeout = Duration.ofSeconds(30);
    private int maxHeaderBytes = 64 * 1024;
    private int maxStreams = 8192;
    private int replayBufferBytes = 64 * 1024;
    private int maxConnections = 16_384;
    private List<String> allowedClients = List.of();
    private Map<String, String> tokenHashes = Map.of();
    private Optional<ProxyConfig.TargetKey> targetKey = Optional.empty();
    private OriginField origin = OriginField.KEEP;
    private boolean allowHalfClose = false;
    private boolean aiInsight = true;
    private final List<ExchangeListener> listeners = new ArrayList<>();
    private @Nullable Function<TraceContext, String> tracePropagation;

    ForwardProxyBuilder() {}

    /** Whatever a config tells; but not the channel that was given to listen with, which is closed with its proxy. */
    ForwardProxyBuilder(ProxyConfig config) {
        target = config.target();
        targetHttpVersion = config.targetHttpVersion();
        upstreamProxy = config.upstreamProxy();
        noProxy = upstreamProxy.map(ProxyConfig.UpstreamProxy::noProxy).orElse(List.of());
        forwardAllow = config.forwardAllow();
        origin = config.origin();
        allowHalfClose = config.allowHalfClose();
        aiInsight = config.aiInsight();
        take(config.targetTls());
        take(config.listen());
        take(config.timeouts());
        take(config.limits());
        take(config.access());
    }

    private void take(ProxyConfig.TargetTls targetTls) {
        targetCa = targetTls.ca();
        targetTlsVerify = targetTls.verify();
        targetClientCertificate = targetTls.clientCertificate();
    }

    private void take(ProxyConfig.Listen listen) {
        listenHost = listen.host();
        listenPort = listen.port();
        listenTls = listen.tls();
        listenTlsClientCa = listen.tls().map(ProxyConfig.ListenTls::clientCa).orElse(List.of());
        listenHttp2 = listen.http2();
        portSharing = listen.sharing();
    }

    private void take(ProxyConfig.Timeouts timeouts) {
        connectTimeout = timeouts.connect();
        firstByteTimeout = timeouts.firstByte();
        streamIdleTimeout = timeouts.streamIdle();
        clientIdleTimeout = timeouts.clientIdle();
        headerTimeout = timeouts.header();
        drainTimeout = timeouts.drain();
    }

    private void take(ProxyConfig.Limits limits) {
        maxHeaderBytes = limits.headerBytes();
        maxStreams = limits.streams();
        maxConnections = limits.connections();
        replayBufferBytes = limits.replayBufferBytes();
    }

    private void take(ProxyConfig.Access access) {
        allowedClients = access.allowedClients();
        tokenHashes = access.tokenHashes();
        targetKey = access.targetKey();
    }

    /**
     * The AI server that requests go to.
     *
     * <p>Scheme {@code http} or {@code https}, host, and a port from 1 to 65535 or none for the scheme's own; no path,
     * since paths come from the clients, no user info, query or fragment. {@code https://api.openai.com} unless set.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public ForwardProxyBuilder target(URI target) {
        this.target = TargetUri.normalized(target);
        return this;
    }

    /**
     * Certificates to trust for the target and for other hosts, see {@link #forwardAllow}, in addition to the system's
     * roots. None unless set.
     *
     * @param certificates roots or intermediates; copied
     */
    public ForwardProxyBuilder targetCa(Collection<X509Certificate> certificates) {
        this.targetCa = List.copyOf(certificates);
        return this;
    }

    /**
     * Whether the target's certificate chain and host name are checked. They are unless set; switched off, anyone on
     * the way can read and change the traffic. Those of other hosts, see {@link #forwardAllow}, always are.
     */
    public ForwardProxyBuilder targetTlsVerify(boolean verify) {
        this.targetTlsVerify = verify;
        return this;
    }

    /**
     * What the proxy shows when the target asks for a certificate in TLS. Nothing unless set. It is for the target alone, the
     * one that {@link ForwardProxy#retarget} names included; other hosts, see {@link #forwardAllow}, and an {@link
     * #upstreamProxy} are shown none.
     *
     * @param chain the proxy's certificate first, each followed by the one that signed it; the root may be left out;
     *     copied
     * @param key private key of the first certificate: RSA, EC or Ed25519
     * @throws IllegalArgumentException if the chain is empty or in another order, or the key does not fit it
     */
    public ForwardProxyBuilder targetClientCertificate(List<X509Certificate> chain, PrivateKey key) {
        ListenCertificate.check(chain, key);
        this.targetClientCertificate = Optional.of(new ProxyConfig.ClientCertificate(chain, key));
        return this;
    }

    /**
     * A proxy that stands between this one and every server it speaks to, but for those of {@link #noProxy}. None unless
     * set; what the environment or the system says about proxies is not looked at.
     *
     * <p>Through a proxy that speaks HTTP, {@code http} requests go in absolute-form, and all else in tunnels by {@code
     * CONNECT}; through one that speaks SOCKS, all goes in tunnels. So what is encrypted for the target stays so, and the
     * proxy on the way sees host names only, which it looks up. It is told who asks by Basic authentication or that of RFC
     * 1929.
     *
     * @param proxy {@code http://}, {@code https://} or {@code socks5://} ({@code socks5h://} means the same), host and
     *     port, with {@code user:password@} in front of the host if it asks for them, their special characters written as
     *     in {@code %40}
     * @throws IllegalArgumentException if it has another form
     */
    public ForwardProxyBuilder upstreamProxy(URI proxy) {
        this.upstreamProxy = Optional.of(UpstreamProxyUri.parsed(proxy, List.of()));
        return this;
    }

    /**
     * What is reached without the {@link #upstreamProxy}; nothing unless set.
     *
     * @param rules copied
     */
    public ForwardProxyBuilder noProxy(Collection<NoProxyRule> rules) {
        this.noProxy = List.copyOf(rules);
        return this;
    }

    /**
     * The version of HTTP that the target is spoken to in: HTTP/1.1 unless set.
     *
     * <p>In HTTP/2, many exchanges share a connection. Field names go in lower case, as it demands, and a reason phrase
     * does not come back.
     */
    public ForwardProxyBuilder targetHttpVersion(TargetHttpVersion version) {
        this.targetHttpVersion = Objects.requireNonNull(version, "target HTTP version");
        return this;
    }

    /**
     * Hosts that clients may reach besides the target when they use the proxy as an HTTP proxy: by a request in
     * absolute-form ({@code GET http://host/}) or by {@code CONNECT}. None unless set, so that only the target's host
     * and port can be reached.
     *
     * <p>A host that a rule with {@code *} allows is reached only if its address is public. Loopback, private,
     * link-local and other special addresses, that of a cloud's metadata service among them, are reached only by a rule
     * that names the host itself. Behind an {@link #upstreamProxy}, which looks names up, that is known of hosts that are
     * written as addresses only.
     *
     * @param rules copied
     */
    public ForwardProxyBuilder forwardAllow(Collection<ForwardRule> rules) {
        this.forwardAllow = List.copyOf(rules);
        return this;
    }

    /**
     * Where to listen: every address, IPv4 and IPv6, port 8080, unless set.
     *
     * @param host host name or IP literal, without brackets
     * @param port 0 to 65535; 0 takes a free one, which {@link ForwardProxy#address()} then tells
     * @throws IllegalArgumentException if the host is blank or the port out of range
     */
    public ForwardProxyBuilder listen(String host, int port) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("listen host must not be blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("listen port must be 0..65535, was " + port);
        }
        this.listenHost = host;
        this.listenPort = port;
        this.listenChannel = Optional.empty();
        return this;
    }

    /**
     * A socket that listens already, such as one that a service manager opened and hands over from one process to the
     * next ({@link System#inheritedChannel()}). It is closed with the proxy.
     *
     * @throws IllegalArgumentException if it is not bound to an internet address
     */
    public ForwardProxyBuilder listen(ServerSocketChannel channel) {
        if (!(channel.socket().getLocalSocketAddress() instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("listen channel must be bound to an internet address, was " + channel);
        }
        listen(address.getAddress().getHostAddress(), address.getPort());
        this.listenChannel = Optional.of(channel);
        return this;
    }

    /** Whether another proxy may listen on the same port, before or after this one. Nobody unless set. */
    public ForwardProxyBuilder portSharing(PortSharing sharing) {
        this.portSharing = Objects.requireNonNull(sharing);
        return this;
    }

    /**
     * Speaks TLS 1.2 or 1.3 to clients. Plain HTTP unless set.
     *
     * @param chain the proxy's certificate first, each followed by the one that signed it; the root may be left out;
     *     copied
     * @param key private key of the first certificate: RSA, EC or Ed25519
     * @throws IllegalArgumentException if the chain is empty or in another order, or the key does not fit it
     */
    public ForwardProxyBuilder listenTls(List<X509Certificate> chain, PrivateKey key) {
        ListenCertificate.check(chain, key);
        this.listenTls = Optional.of(new ProxyConfig.ListenTls(chain, key, List.of()));
        return this;
    }

    /**
     * Who must have signed the certificate that a client shows; without one it gets no connection. Clients need none
     * unless set. Together with {@link #listenTls} only.
     *
     * @param certificates roots or intermediates; copied; none if clients need no certificate
     */
    public ForwardProxyBuilder listenTlsClientCa(Collection<X509Certificate> certificates) {
        this.listenTlsClientCa = List.copyOf(certificates);
        return this;
    }

    /**
     * Whether clients may speak HTTP/2 besides HTTP/1.1: under TLS if they ask for it (ALPN {@code h2}), without TLS if they
     * begin with it ("prior knowledge"). They may unless this is switched off.
     */
    public ForwardProxyBuilder listenHttp2(boolean speak) {
        this.listenHttp2 = speak;
        return this;
    }

    /**
     * How long a request may wait for a connection to the target, name look-up, TCP and TLS handshake and the way through an
     * {@link #upstreamProxy} included. Ten seconds unless set; zero means for ever.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = checked("connect timeout", timeout);
        return this;
    }

    /**
     * How long the target may take from the moment the request was sent in full until its response head comes. Zero,
     * which means for ever, unless set, since models may think for many minutes.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder firstByteTimeout(Duration timeout) {
        this.firstByteTimeout = checked("first byte timeout", timeout);
        return this;
    }

    /**
     * How long an exchange, a tunnel included, may be silent in both directions before it ends as
     * {@link Outcome#TIMED_OUT}.
     *
     * <p>Counts silence, not duration: a stream may run for days if bytes keep coming. One hour unless set; zero means
     * for ever.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder streamIdleTimeout(Duration timeout) {
        this.streamIdleTimeout = checked("stream idle timeout", timeout);
        return this;
    }

    /**
     * How long a client's connection may stay open without a request, and how long a client that takes no bytes may
     * hold up a response. Two minutes unless set; zero means for ever.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder clientIdleTimeout(Duration timeout) {
        this.clientIdleTimeout = checked("client idle timeout", timeout);
        return this;
    }

    /**
     * How long a client may take for a request head, from its first byte to its last. Twenty seconds unless set; zero
     * means for ever.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder headerTimeout(Duration timeout) {
        this.headerTimeout = checked("header timeout", timeout);
        return this;
    }

    /**
     * How long exchanges in flight may go on after {@link ForwardProxy#close()}. Thirty seconds unless set; zero tears
     * them at once.
     *
     * @throws IllegalArgumentException if negative
     */
    public ForwardProxyBuilder drainTimeout(Duration timeout) {
        this.drainTimeout = checked("drain timeout", timeout);
        return this;
    }

    /**
     * Largest head of a request or a response, start line and fields together, in bytes: 1024 to 1048576, 65536 unless
     * set. A larger request head is answered 431, a larger response head 502.
     *
     * @throws IllegalArgumentException if out of range
     */
    public ForwardProxyBuilder maxHeaderBytes(int bytes) {
        if (bytes < 1024 || bytes > 1024 * 1024) {
            throw new IllegalArgumentException("max header bytes must be 1024..1048576, was " + bytes);
        }
        this.maxHeaderBytes = bytes;
        return this;
    }

    /**
     * Most exchanges in flight at once: 1 to 1000000, 8192 unless set. One more is answered 503 with
     * {@code Retry-After}.
     *
     * @throws IllegalArgumentException if out of range
     */
    public ForwardProxyBuilder maxStreams(int streams) {
        if (streams < 1 || streams > 1_000_000) {
            throw new IllegalArgumentException("max streams must be 1..1000000, was " + streams);
        }
        this.maxStreams = streams;
        return this;
    }

    /**
     * How much of a request body is kept until it is clear that the connection it was sent on is alive, in bytes: 0 to
     * 16777216, 65536 unless set. A request whose body is longer is not sent again when the upstream has just closed a
     * kept-alive connection, but answered 502.
     *
     * <p>Nothing is ever sent again that the upstream may have acted on, unless its method is idempotent (RFC 9110
     * §9.2.2).
     *
     * @throws IllegalArgumentException if out of range
     */
    public ForwardProxyBuilder replayBuffer(int bytes) {
        if (bytes < 0 || bytes > 16 * 1024 * 1024) {
            throw new IllegalArgumentException("replay buffer must be 0..16777216 bytes, was " + bytes);
        }
        this.replayBufferBytes = bytes;
        return this;
    }

    /**
     * Most connections of clients at once, idle ones included: 1 to 1000000, 16384 unless set. Further clients wait in
     * the backlog of the operating system until one is closed.
     *
     * @throws IllegalArgumentException if out of range
     */
    public ForwardProxyBuilder maxConnections(int connections) {
        if (connections < 1 || connections > 1_000_000) {
            throw new IllegalArgumentException("max connections must be 1..1000000, was " + connections);
        }
        this.maxConnections = connections;
        return this;
    }

    /**
     * The only clients that may use the proxy; others get 403. Everyone may unless set.
     *
     * @param addresses IP addresses such as {@code 192.0.2.7}, and blocks of them such as {@code 192.0.2.0/24} or {@code
     *     fd00::/8}, whose bits behind the prefix are zero; empty for everyone
     * @throws IllegalArgumentException if one is anything else
     */
    public ForwardProxyBuilder allowedClients(Collection<String> addresses) {
        this.allowedClients = AccessChecks.addresses(addresses);
        return this;
    }

    /**
     * Tokens one of which each request must have; others get 401, or 407 if they take this for their proxy. None unless
     * set.
     *
     * <p>Clients send one as {@code Proxy-Authorization} (Bearer, or Basic with the token as password), or where they
     * would put the key of the AI server: {@code Authorization}, {@code x-api-key}, {@code api-key} or {@code
     * x-goog-api-key}. It ends at the proxy. Only hashes are kept.
     *
     * @param tokensByName tokens of 16 to 512 visible ASCII characters without a comma, or {@code sha256:} and the hash of
     *     one in hexadecimal, each by the name that listeners are told
     * @throws IllegalArgumentException if one has another form
     */
    public ForwardProxyBuilder proxyTokens(Map<String, String> tokensByName) {
        this.tokenHashes = AccessChecks.tokens(tokensByName);
        return this;
    }

    /**
     * A field with a key for the target that replaces whatever credentials clients send, so that they need none. Clients'
     * own go on unless set. Whoever may use the proxy uses this key: see {@link #proxyTokens}.
     *
     * @param fieldName such as {@code Authorization} or {@code x-api-key}; none that frames or routes the message, such as
     *     {@code Host}, {@code Content-Length}, {@code Connection} or {@code Proxy-Authorization}
     * @param fieldValue the whole value, such as {@code Bearer} and the key behind it
     * @throws IllegalArgumentException if either is not what such a field may have (RFC 9110 §5)
     */
    public ForwardProxyBuilder targetApiKey(String fieldName, String fieldValue) {
        this.targetKey = Optional.of(AccessChecks.targetKey(fieldName, fieldValue));
        return this;
    }

    /** What becomes of the {@code Origin} field that browsers send. It goes on as it came unless set. */
    public ForwardProxyBuilder origin(OriginField origin) {
        this.origin = Objects.requireNonNull(origin, "origin");
        return this;
    }

    /**
     * Whether a client that has ended its side of the connection (a FIN) still waits for its response. It does not
     * unless set: nearly always the FIN means that the client is gone, and each further token would be paid for
     * nothing. Switch it on for clients that shut down their output after the request, such as {@code nc -N}; a reset
     * ends the exchange all the same.
     */
    public ForwardProxyBuilder allowHalfClose(boolean allow) {
        this.allowHalfClose = allow;
        return this;
    }

    /**
     * Whether the answers of AI servers are read while they pass, for what {@link AiAnswer} and {@link Verdict} tell. They
     * are unless this is switched off. Reading changes and delays nothing, and nothing of what was said is kept.
     */
    public ForwardProxyBuilder aiInsight(boolean read) {
        this.aiInsight = read;
        return this;
    }

    /** Adds a listener. Listeners are called in the order they were added in. */
    public ForwardProxyBuilder listener(ExchangeListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Makes the proxy a part of the traces that requests belong to (W3C Trace Context): what goes upstream carries a {@code
     * traceparent} that is chosen here, in place of the client's or, if that sent none, as the last field. {@code
     * tracestate} goes on as it came. Unless this is set, both do, and nothing is added.
     *
     * <p>It is a listener of sorts: called once for each request, on the thread that moves the bytes, before {@link
     * ExchangeListener#onRequest}; it must not block, and {@link ForwardProxy#reconfigure} leaves it alone. What it throws,
     * or returns in another form, is logged once; then the client's field goes on.
     *
     * @param chooser from what the client sent, makes a value such as {@code
     *     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}: version 00, the trace, this exchange in it, flags.
     *     {@link Exchange#trace} tells listeners what it was
     */
    public ForwardProxyBuilder tracePropagation(Function<TraceContext, String> chooser) {
        this.tracePropagation = Objects.requireNonNull(chooser, "chooser");
        return this;
    }

    /**
     * A proxy with these settings, not started. The builder can be used further.
     *
     * @throws InvalidConfigException if clients need certificates but are not spoken to in TLS
     */
    public ForwardProxy build() {
        return new JettyForwardProxy(config(), List.copyOf(listeners), tracePropagation);
    }

    /**
     * The settings as they are now.
     *
     * @throws InvalidConfigException if clients need certificates but are not spoken to in TLS
     */
    public ProxyConfig config() {
        if (listenTls.isEmpty() && !listenTlsClientCa.isEmpty()) {
            throw new InvalidConfigException("clients can show certificates in TLS only; set listenTls, too");
        }
        Optional<ProxyConfig.ListenTls> tls =
                listenTls.map(set -> new ProxyConfig.ListenTls(set.chain(), set.key(), listenTlsClientCa));
        return new ProxyConfig(
                target,
                targetHttpVersion,
                new ProxyConfig.TargetTls(targetCa, targetTlsVerify, targetClientCertificate),
                upstreamProxy.map(proxy -> proxy.except(noProxy)),
                forwardAllow,
                new ProxyConfig.Listen(listenHost, listenPort, tls, listenHttp2, portSharing, listenChannel),
                new ProxyConfig.Timeouts(
                        connectTimeout,
                        firstByteTimeout,
                        streamIdleTimeout,
                        clientIdleTimeout,
                        headerTimeout,
                        drainTimeout),
                new ProxyConfig.Limits(maxHeaderBytes, maxStreams, maxConnections, replayBufferBytes),
                new ProxyConfig.Access(allowedClients, tokenHashes, targetKey),
                origin,
                allowHalfClose,
                aiInsight);
    }

    private static Duration checked(String name, Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    name + " must not be negative, was " + timeout.toString().toLowerCase(Locale.ROOT));
        }
        if (!timeout.isZero() && timeout.compareTo(SHORTEST) < 0) {
            // Less is zero in milliseconds, which would mean for ever.
            return SHORTEST;
        }
        // Longer than any machine runs, and still a number of nanoseconds that fits.
        return timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    }
}
