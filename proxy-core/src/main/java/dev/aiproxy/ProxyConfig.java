package dev.aiproxy;

import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in effect, as {@link ForwardProxyBuilder} made them. Read-only; each is explained, with its range and
 * default, at the builder's method for it.
 *
 * @param target scheme, host and port of the AI server; the port is always there, the path never
 * @param targetHttpVersion the version of HTTP that is spoken there
 * @param targetTls whom to trust there
 * @param upstreamProxy what connections to the AI server and to others go through; empty if they are made directly
 * @param forwardAllow what may be reached besides the target
 * @param listen where clients connect
 * @param timeouts longest waits
 * @param limits largest sizes and numbers
 * @param access who may use the proxy, and as whom it speaks to the target
 * @param origin what becomes of the Origin field
 * @param allowHalfClose whether a client that has ended its side still waits for its response
 * @param aiInsight whether the answers of AI servers are read while they pass
 */
public record ProxyConfig(
        URI target,
        TargetHttpVersion targetHttpVersion,
        TargetTls targetTls,
        Optional<UpstreamProxy> upstreamProxy,
        List<ForwardRule> forwardAllow,
        Listen listen,
        Timeouts timeouts,
        Limits limits,
        Access access,
        OriginField origin,
        boolean allowHalfClose,
        boolean aiInsight) {

    /** Copies the list. */
    public ProxyConfig {
        forwardAllow = List.copyOf(forwardAllow);
    }

    /**
     * Whom to trust as the target, and what to show to it.
     *
     * @param ca certificates trusted in addition to the system's roots
     * @param verify whether certificate and host name are checked
     * @param clientCertificate what the proxy shows when the target asks who it is
     */
    public record TargetTls(List<X509Certificate> ca, boolean verify, Optional<ClientCertificate> clientCertificate) {

        /** Copies the list. */
        public TargetTls {
            ca = List.copyOf(ca);
        }
    }

    /**
     * A certificate by which the proxy says who it is.
     *
     * @param chain the proxy's certificate first, each followed by the one that signed it
     * @param key private key of the first certificate
     */
    public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {

        /** Copies the list. */
        public ClientCertificate {
            chain = List.copyOf(chain);
        }

        /** Names the certificate and never the key. */
        @Override
        public String toString() {
            return "ClientCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
        }
    }

    /**
     * A proxy between this one and the servers it speaks to.
     *
     * @param protocol how it is spoken to
     * @param host lower-case name or IP literal, an IPv6 address in brackets
     * @param port 1 to 65535
     * @param login who this proxy is to that one; a secret
     * @param noProxy what is reached without it
     */
    public record UpstreamProxy(
            Protocol protocol, String host, int port, Optional<ProxyLogin> login, List<NoProxyRule> noProxy) {

        /** How an upstream proxy is spoken to. */
        public enum Protocol {
            /** HTTP/1.1 in the clear. */
            HTTP,
            /** HTTP/1.1 under TLS. */
            HTTPS,
            /** SOCKS version 5 (RFC 1928); it looks names up. */
            SOCKS5
        }

        /** Copies the list. */
        public UpstreamProxy {
            noProxy = List.copyOf(noProxy);
        }

        /** Whether connections to this host and port go through it. */
        public boolean isFor(String targetHost, int targetPort) {
            return noProxy.stream().noneMatch(rule -> rule.matches(targetHost, targetPort));
        }

        /** The same, with other exceptions. */
        UpstreamProxy except(List<NoProxyRule> exceptions) {
            return new UpstreamProxy(protocol, host, port, login, exceptions);
        }

        /** As a URI, with {@code ***} in place of user and password. */
        @Override
        public String toString() {
            return protocol.name().toLowerCase(Locale.ROOT) + "://" + (login.isPresent() ? "***@" : "") + host + ":"
                    + port;
        }
    }

    /**
     * User and password at an upstream proxy.
     *
     * @param user not empty
     * @param password may be empty
     */
    public record ProxyLogin(String user, String password) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "***";
        }
    }

    /**
     * Where clients connect.
     *
     * @param host host name or IP literal
     * @param port 0 for a free one
     * @param tls how clients are spoken to in TLS; empty for plain HTTP
     * @param http2 whether HTTP/2 is spoken, too
     * @param sharing whether others may listen on the port
     * @param channel a socket that listens there already; empty to open one
     */
    public record Listen(
            String host,
            int port,
            Optional<ListenTls> tls,
            boolean http2,
            PortSharing sharing,
            Optional<ServerSocketChannel> channel) {}

    /**
     * What the proxy shows to clients in TLS, and what they must show.
     *
     * @param chain the proxy's certificate first, each followed by the one that signed it
     * @param key private key of the first certificate
     * @param clientCa who must have signed the certificate of a client; empty if clients need none
     */
    public record ListenTls(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCa) {

        /** Copies the lists. */
        public ListenTls {
            chain = List.copyOf(chain);
            clientCa = List.copyOf(clientCa);
        }

        /** Names the certificate and never the key, which some of the JDK's own classes would print. */
        @Override
        public String toString() {
            return "ListenTls[" + chain.get(0).getSubjectX500Principal() + ", clientCa=" + clientCa.size() + "]";
        }
    }

    /**
     * Longest waits; zero means for ever, but for {@code drain}.
     *
     * @param connect for a connection to the target, TLS included
     * @param firstByte for a response head
     * @param streamIdle silence within an exchange
     * @param clientIdle silence of a client's connection between exchanges
     * @param header for a request head, from its first byte to its last
     * @param drain for the exchanges in flight when the proxy is closed; zero means not at all
     */
    public record Timeouts(
            Duration connect,
            Duration firstByte,
            Duration streamIdle,
            Duration clientIdle,
            Duration header,
            Duration drain) {}

    /**
     * Largest sizes and numbers.
     *
     * @param headerBytes of a request or response head
     * @param streams of exchanges in flight at once
     * @param connections of clients at once
     * @param replayBufferBytes of a request body that is kept to be sent once more
     */
    public record Limits(int headerBytes, int streams, int connections, int replayBufferBytes) {}

    /**
     * Who may use the proxy, and as whom it speaks to the target.
     *
     * @param allowedClients addresses and blocks of addresses; empty for everyone
     * @param tokenHashes SHA-256 of each token in hexadecimal, by the token's name; empty if none is asked for
     * @param targetKey what replaces the credentials of clients, if anything does
     */
    public record Access(List<String> allowedClients, Map<String, String> tokenHashes, Optional<TargetKey> targetKey) {

        /** Copies the collections. */
        public Access {
            allowedClients = List.copyOf(allowedClients);
            tokenHashes = Map.copyOf(tokenHashes);
        }

        /** Whether anyone who reaches the port may use the proxy. */
        public boolean isOpen() {
            return allowedClients.isEmpty() && tokenHashes.isEmpty();
        }
    }

    /**
     * A field with the target's API key.
     *
     * @param fieldName such as {@code Authorization}
     * @param fieldValue such as {@code Bearer} and the key behind it; a secret
     */
    public record TargetKey(String fieldName, String fieldValue) {

        /** Without the secret. */
        @Override
        public String toString() {
            return fieldName + ": ***";
        }
    }

    /**
     * A builder with these settings, to change some and keep the others: tokens by their hashes, keys and certificates, too.
     * Listeners are not among them, nor is a channel that was given to {@linkplain
     * ForwardProxyBuilder#listen(ServerSocketChannel) listen} with.
     */
    public ForwardProxyBuilder toBuilder() {
        return new ForwardProxyBuilder(this);
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
                targetHttpVersion,
                targetTls,
                upstreamProxy,
                forwardAllow,
                listen,
                timeouts,
                limits,
                access,
                origin,
                allowHalfClose,
                aiInsight);
    }

    /**
     * The same settings with another certificate for clients.
     *
     * @param chain see {@link ForwardProxyBuilder#listenTls}
     * @param key see {@link ForwardProxyBuilder#listenTls}
     * @param clientCa see {@link ForwardProxyBuilder#listenTlsClientCa}
     * @throws IllegalArgumentException if the chain is empty or in another order, or the key does not fit it
     */
    public ProxyConfig withListenTls(
            List<X509Certificate> chain, PrivateKey key, Collection<X509Certificate> clientCa) {
        ListenCertificate.check(chain, key);
        ListenTls tls = new ListenTls(chain, key, List.copyOf(clientCa));
        Listen changed = new Listen(
                listen.host(), listen.port(), Optional.of(tls), listen.http2(), listen.sharing(), listen.channel());
        return new ProxyConfig(
                target,
                targetHttpVersion,
                targetTls,
                upstreamProxy,
                forwardAllow,
                changed,
                timeouts,
                limits,
                access,
                origin,
                allowHalfClose,
                aiInsight);
    }
}
