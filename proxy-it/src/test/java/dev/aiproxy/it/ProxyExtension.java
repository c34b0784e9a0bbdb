package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A proxy between a {@link ScriptedUpstream} and {@link RawClient}s, new for each test.
 *
 * <p>After each test everything is closed, and the promises that hold for all tests are checked: no exchange has ended
 * twice or not at all, no connection to the upstream is left, and each script got what it expected.
 */
final class ProxyExtension implements AfterEachCallback {
    private static final Duration DRAIN = Duration.ofMillis(300);

    private final List<RawClient> clients = new ArrayList<>();
    private final RecordingListener listener = new RecordingListener();
    private ScriptedUpstream upstream = ScriptedUpstream.plain();
    private UnaryOperator<ForwardProxyBuilder> settings = UnaryOperator.identity();
    private Optional<SSLContext> tls = Optional.empty();
    private Optional<Boolean> isHttp2Secure = Optional.empty();
    private Optional<Http2Front> front = Optional.empty();
    private ForwardProxy proxy;

    /** Replaces the upstream, which is plain HTTP unless this is called; before the first connection. */
    ProxyExtension to(ScriptedUpstream other) {
        upstream.close();
        upstream = other;
        return this;
    }

    /** Changes settings of the proxy; before the first connection. */
    ProxyExtension with(UnaryOperator<ForwardProxyBuilder> more) {
        UnaryOperator<ForwardProxyBuilder> before = settings;
        settings = builder -> more.apply(before.apply(builder));
        return this;
    }

    /** Points the proxy somewhere else than at the upstream; before the first connection. */
    ProxyExtension target(URI target) {
        return with(builder -> builder.target(target));
    }

    /** Lets the proxy speak TLS as {@code localhost}, and {@link #connect} as this client; before the first connection. */
    ProxyExtension overTls(SSLContext client) {
        TestCertificates certificates = TestCertificates.get();
        tls = Optional.of(client);
        return with(builder -> builder.listenTls(certificates.localhostChain(), certificates.localhostKey()));
    }

    /**
     * Speaks HTTP/2 to the upstream, whose scripts and records stay the same; before the first connection.
     *
     * @param isSecure whether in TLS, where it is agreed to, or without, where it is known before
     */
    ProxyExtension toHttp2(boolean isSecure) {
        isHttp2Secure = Optional.of(isSecure);
        return this;
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    /** What stands before the upstream in HTTP/2, once the proxy has started. */
    Http2Front front() {
        return front.orElseThrow();
    }

    RecordingListener listener() {
        return listener;
    }

    /** The proxy, started. */
    ForwardProxy proxy() {
        if (proxy == null) {
            ForwardProxyBuilder builder = ForwardProxy.builder()
                    .target(upstream.uri())
                    .listen("127.0.0.1", 0)
                    .drainTimeout(DRAIN)
                    .listener(listener);
            front = isHttp2Secure.map(isSecure -> Http2Front.open(isSecure, upstream));
            front.ifPresent(http2 -> http2.setUp(builder));
            proxy = settings.apply(builder).build();
            proxy.start();
        }
        return proxy;
    }

    /** Where the proxy, started, is reached. */
    URI uri() {
        String scheme = tls.isPresent() ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + proxy().address().getPort());
    }

    /** A new connection to the proxy, closed after the test. */
    RawClient connect() throws IOException {
        InetSocketAddress address = proxy().address();
        RawClient client = tls.isPresent() ? RawClient.connect(address, tls.get()) : RawClient.connect(address);
        clients.add(client);
        return client;
    }

    /** Sends a GET of this path and returns the connection. */
    RawClient get(String path) throws IOException {
        return connect().send(getRequest(path));
    }

    /** A GET as most clients would send it. */
    String getRequest(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: client.example\r\n\r\n";
    }

    /** A POST with Content-Length. */
    String postRequest(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: client.example\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /**
     * Waits until the proxy has put aside, for the next request, each connection to an upstream in HTTP/1.1 whose answer
     * is through. It does so behind the last byte, which a client may have seen and answered before.
     */
    void awaitFreeConnections() {
        Eventually.await("the proxy to have read to the end", () -> Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("ai-proxy"))
                .flatMap(thread -> Stream.of(thread.getValue()))
                .noneMatch(frame -> frame.getClassName().startsWith("org.eclipse.jetty.client.")));
    }

    /** Waits for the end of the only exchange and checks how it ended. */
    ExchangeEnd expectEnd(Outcome outcome) {
        ExchangeEnd end = listener.awaitEnd(1);
        assertThat(end.outcome()).as(end.toString()).isEqualTo(outcome);
        return end;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }

    /** The same for whoever has made it without a test to it. */
    void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        if (proxy != null) {
            proxy.close();
            List<RecordedConnection> connections = upstream.connections();
            Eventually.await(
                    "every upstream connection to be closed after the proxy was: " + connections,
                    () -> connections.stream().noneMatch(connection -> connection.ending() == Ending.OPEN));
        }
        front.ifPresent(Http2Front::close);
        upstream.close();
        assertThat(upstream.failures()).as("failures of scripts").isEmpty();
        assertThat(listener.notEndedOnce())
                .as("exchanges that did not end exactly once: %s", listener.events())
                .isEmpty();
    }
}
