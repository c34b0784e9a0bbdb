package dev.aiproxy;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in effect, as {@link ForwardProxyBuilder} made them. Read-only; each is explained, with its range and
 * default, at the builder's method of the same name.
 *
 * @param target scheme, host and port of the AI server; the port is always there, the path never
 * @param targetTls whom to trust there
 * @param forwardAllow what may be reached besides the target
 * @param listen where clients connect
 * @param timeouts longest waits
 * @param limits largest sizes and numbers
 * @param access who may use the proxy, and as whom it speaks to the target
 * @param origin what becomes of the Origin field
 * @param allowHalfClose whether a client that has ended its side still waits for its response
 */
public record ProxyConfig(
        URI target,
        TargetTls targetTls,
        List<ForwardRule> forwardAllow,
        Listen listen,
        Timeouts timeouts,
        Limits limits,
        Access access,
        OriginField origin,
        boolean allowHalfClose) {

    /** Copies the list. */
    public ProxyConfig {
        forwardAllow = List.copyOf(forwardAllow);
    }

    /**
     * Whom to trust as the target.
     *
     * @param ca certificates trusted in addition to the system's roots
     * @param verify whether certificate and host name are checked
     */
    public record TargetTls(List<X509Certificate> ca, boolean verify) {

        /** Copies the list. */
        public TargetTls {
            ca = List.copyOf(ca);
        }
    }

    /**
     * Where clients connect.
     *
     * @param host host name or IP literal
     * @param port 0 for a free one
     */
    public record Listen(String host, int port) {}

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
     * The same settings with another target.
     *
     * @param newTarget see {@link ForwardProxyBuilder#target}
     * @throws IllegalArgumentException if it has another form
     */
    public ProxyConfig withTarget(URI newTarget) {
        return new ProxyConfig(
                TargetUri.normalized(newTarget),
                targetTls,
                forwardAllow,
                listen,
                timeouts,
                limits,
                access,
                origin,
                allowHalfClose);
    }
}
