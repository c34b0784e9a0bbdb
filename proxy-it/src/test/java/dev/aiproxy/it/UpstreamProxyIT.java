package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.NoProxyRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Through proxies that others have written, all is as it is without: streams, uploads, tunnels, upgrades, cancels. */
@Timeout(60)
final class UpstreamProxyIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final int EVENTS = 3;
    private static final int UPLOAD_BYTES = 1024 * 1024;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @TempDir
    Path folder;

    private RealProxy between;
    private RawServer server;

    @AfterEach
    void close() throws IOException {
        if (between != null) {
            between.close();
        }
        if (server != null) {
            server.close();
        }
    }

    static Stream<Arguments> proxies() {
        return Stream.of(RealProxy.Kind.values())
                .flatMap(kind -> Stream.of(true, false).map(asksForLogin -> arguments(kind, asksForLogin)));
    }

    static Stream<Arguments> proxiesAndTargets() {
        return proxies().flatMap(each -> Stream.of(true, false)
                .map(isSecure -> arguments(each.get()[0], each.get()[1], isSecure)));
    }

    private void through(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        between = RealProxy.start(kind, asksForLogin, folder);
        proxy.with(builder -> builder.upstreamProxy(between.uri()).targetCa(List.of(CERTIFICATES.authority())));
    }

    private ScriptedUpstream through(RealProxy.Kind kind, boolean asksForLogin, boolean isSecure) throws IOException {
        through(kind, asksForLogin);
        if (isSecure) {
            proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()));
        }
        return proxy.upstream();
    }

    /** For tunnels and upgrades, played by the test itself. */
    private RawServer serverThrough(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        server = RawServer.open();
        through(kind, asksForLogin);
        proxy.target(URI.create("http://" + server.authority()));
        return server;
    }

    @ParameterizedTest(name = "{0}, login {1}, TLS {2}")
    @MethodSource("proxiesAndTargets")
    void showsEachEventBeforeTheNextIsSent(RealProxy.Kind kind, boolean asksForLogin, boolean isSecure)
            throws IOException {
        Gate gate = Gate.named("next event");
        ScriptedUpstream upstream = through(kind, asksForLogin, isSecure);
        upstream.enqueue(Answers.gatedEvents(EVENTS, gate));

        RawClient client = proxy.connect().send(proxy.postRequest("/v1/a?b=%2F", "{}"));

        client.readHead();
        for (int number = 1; number <= EVENTS; number++) {
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(number));
        }
        RecordedRequest request = upstream.takeRequest();
        assertThat(request.target()).isEqualTo("/v1/a?b=%2F");
        assertThat(request.head().values("Host")).containsExactly(upstream.authority());
        assertThat(request.head().text()).doesNotContainIgnoringCase("Proxy-Authorization");
        assertThat(request.awaitComplete().body()).isEqualTo("{}");
    }

    @ParameterizedTest(name = "{0}, login {1}, TLS {2}")
    @MethodSource("proxiesAndTargets")
    void uploadsStreamThrough(RealProxy.Kind kind, boolean asksForLogin, boolean isSecure) throws IOException {
        ScriptedUpstream upstream = through(kind, asksForLogin, isSecure);
        upstream.enqueue(Answers.ok());
        byte[] body = new byte[UPLOAD_BYTES];
        Pattern.fill(body, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(body);

        RawClient client = proxy.connect();
        client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: " + UPLOAD_BYTES + "\r\n\r\n");
        client.send(Arrays.copyOf(body, 10));
        RecordedRequest request = upstream.takeRequest().awaitBody(10);
        client.send(Arrays.copyOfRange(body, 10, UPLOAD_BYTES));

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(request.awaitComplete().bodyChecksum()).isEqualTo(checksum.getValue());
    }

    @ParameterizedTest(name = "{0}, login {1}, TLS {2}")
    @MethodSource("proxiesAndTargets")
    void aClientThatLeavesStopsTheUpstream(RealProxy.Kind kind, boolean asksForLogin, boolean isSecure)
            throws IOException {
        ScriptedUpstream upstream = through(kind, asksForLogin, isSecure);
        upstream.enqueue(Answers.eventHead().then(Step.chunk("first"), new Step.Never()));
        RawClient client = proxy.connect().send(proxy.postRequest("/slow", "{}"));
        client.readHead();
        client.readChunk();

        long leftAtNanos = Leaving.FIN.from(client);

        assertPromptEnd(upstream.awaitConnection(1), leftAtNanos, PROMPT);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    /** Not in absolute-form: tinyproxy, for one, does not look at its client while it waits for a head. */
    @ParameterizedTest(name = "{0}, login {1}")
    @MethodSource("proxies")
    void aClientThatLeavesInSilenceStopsTheUpstreamOfATunnel(RealProxy.Kind kind, boolean asksForLogin)
            throws IOException {
        ScriptedUpstream upstream = through(kind, asksForLogin, true);
        upstream.enqueue(Answers.silence());
        RawClient client = proxy.connect().send(proxy.postRequest("/slow", "{}"));
        RecordedConnection connection = upstream.takeRequest().awaitComplete().connection();

        long leftAtNanos = Leaving.FIN.from(client);

        assertPromptEnd(connection, leftAtNanos, PROMPT);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest(name = "{0}, login {1}, TLS {2}")
    @MethodSource("proxiesAndTargets")
    void aRequestThatMeetsAClosedConnectionTakesAnother(RealProxy.Kind kind, boolean asksForLogin, boolean isSecure)
            throws IOException {
        ScriptedUpstream upstream = through(kind, asksForLogin, isSecure);
        RawClient client = proxy.connect();
        for (int number = 1; number <= EVENTS; number++) {
            upstream.enqueue(Answers.okThenClose());

            assertThat(client.send(proxy.getRequest("/" + number))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }

        assertThat(upstream.requests()).hasSize(EVENTS);
    }

    @ParameterizedTest(name = "{0}, login {1}")
    @MethodSource("proxies")
    void reusesATunnelForTheNextRequest(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        ScriptedUpstream upstream = through(kind, asksForLogin, true);
        RawClient client = proxy.connect();
        for (int number = 1; number <= EVENTS; number++) {
            upstream.enqueue(Answers.ok());
            assertThat(client.send(proxy.getRequest("/" + number))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }

        // A further one may have been begun when the first was about to be free.
        assertThat(upstream.connections())
                .anySatisfy(connection -> assertThat(connection.requests()).hasSizeGreaterThan(1));
    }

    @ParameterizedTest(name = "{0}, login {1}")
    @MethodSource("proxies")
    void joinsTheTunnelOfAClientToOneOfItsOwn(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        RawServer target = serverThrough(kind, asksForLogin);
        RawClient client = proxy.connect()
                .send("CONNECT " + target.authority() + " HTTP/1.1\r\nHost: " + target.authority() + "\r\n\r\n");
        RawClient upstream = target.accept();
        upstream.send("220 a server that speaks first\r\n");

        assertThat(client.readHead().text()).isEqualTo("HTTP/1.1 200 Connection Established\r\n\r\n");
        assertThat(client.readRaw(32)).isEqualTo("220 a server that speaks first\r\n");
        expectWire(client, upstream);
        client.halfClose();
        assertThat(upstream.readToEnd()).isEqualTo(Ending.FIN);
    }

    private static void expectWire(RawClient one, RawClient other) throws IOException {
        one.send("to\u0000\u00ff");
        assertThat(other.readRaw(4)).isEqualTo("to\u0000\u00ff");
        other.send("fro\r\n\r\n");
        assertThat(one.readRaw(7)).isEqualTo("fro\r\n\r\n");
    }

    @ParameterizedTest(name = "{0}, login {1}")
    @MethodSource("proxies")
    void carriesAnUpgrade(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        RawServer target = serverThrough(kind, asksForLogin);
        String fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        RawClient client = proxy.connect().send("GET /ws HTTP/1.1\r\nHost: x\r\n" + fields);
        RawClient upstream = target.accept();

        // To the byte, since no proxy has read it: RFC 6455 wants a tunnel.
        assertThat(upstream.readHead().text())
                .isEqualTo("GET /ws HTTP/1.1\r\nHost: " + target.authority() + "\r\n" + fields);
        upstream.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");

        assertThat(client.readHead().status()).isEqualTo(101);
        expectWire(client, upstream);
        client.reset();
        upstream.readToEnd();
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest(name = "{0}, login {1}")
    @MethodSource("proxies")
    void reachesWhatForwardAllowNames(RealProxy.Kind kind, boolean asksForLogin) throws IOException {
        through(kind, asksForLogin);
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(other.authority()))));
            other.enqueue(Answers.ok());

            RawClient client = proxy.connect()
                    .send("GET " + other.uri() + "/x?y HTTP/1.1\r\nHost: " + other.authority() + "\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(other.takeRequest().target()).isEqualTo("/x?y");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatThePasswordIsWrong(RealProxy.Kind kind) throws IOException {
        ScriptedUpstream upstream = through(kind, true, true);
        proxy.with(builder -> builder.upstreamProxy(between.uriOfAStranger()));

        expectAuthFailure(upstream);
    }

    private void expectAuthFailure(ScriptedUpstream upstream) throws IOException {
        RawResponse response = proxy.get("/").readResponse();

        ProxyErrors.assertProxyError(response, 502, "upstream_proxy_auth_failed");
        assertThat(response.head().values("Proxy-Authenticate")).isEmpty();
        assertThat(upstream.connections()).isEmpty();
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("kindsAndTargets")
    void tellsThatThePasswordIsMissing(RealProxy.Kind kind, boolean isSecure) throws IOException {
        ScriptedUpstream upstream = through(kind, true, isSecure);
        proxy.with(builder -> builder.upstreamProxy(between.uriOfNobody()));

        expectAuthFailure(upstream);
    }

    static Stream<Arguments> kindsAndTargets() {
        return Stream.of(RealProxy.Kind.values())
                .flatMap(kind -> Stream.of(true, false).map(isSecure -> arguments(kind, isSecure)));
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheUpstreamIsNotThere(RealProxy.Kind kind) throws IOException {
        between = RealProxy.start(kind, false, folder);
        RawServer closed = RawServer.open();
        closed.close();
        proxy.with(builder -> builder.upstreamProxy(between.uri()).targetCa(List.of(CERTIFICATES.authority())));
        proxy.target(URI.create("https://" + closed.authority()));

        ProxyErrors.assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_refused");
    }

    @Test
    void goesAroundItWhereNoProxySaysSo() throws IOException {
        proxy.with(builder -> builder.upstreamProxy(URI.create("http://127.0.0.1:9"))
                .noProxy(List.of(NoProxyRule.of("10.0.0.0/8"), NoProxyRule.of("127.0.0.0/8"))));
        proxy.upstream().enqueue(Answers.ok());

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }
}
