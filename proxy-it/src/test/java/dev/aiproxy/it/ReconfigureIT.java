package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.OriginField;
import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other settings for a proxy that runs. */
final class ReconfigureIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final String TOKEN = "a-token-of-sixteen";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    /** The settings that {@link ProxyExtension} starts with, and others on top. */
    private ForwardProxyBuilder settings(UnaryOperator<ForwardProxyBuilder> changes) {
        return changes.apply(ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", 0)
                .drainTimeout(Duration.ofMillis(300)));
    }

    private void change(UnaryOperator<ForwardProxyBuilder> changes) {
        proxy.proxy().reconfigure(settings(changes));
    }

    private void answerAll() {
        proxy.upstream().answer(request -> Answers.ok());
    }

    private int statusOf(String request) throws IOException {
        return proxy.connect().send(request).readResponse().status();
    }

    private String get(String... fieldLines) {
        return "GET /next HTTP/1.1\r\nHost: x\r\n"
                + String.join(
                        "", Stream.of(fieldLines).map(line -> line + "\r\n").toList()) + "\r\n";
    }

    /** A stream in flight, which has had one event. */
    private RawClient streamWith(Gate gate) throws IOException {
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate));
        RawClient client = proxy.get("/stream");
        client.readHead();
        gate.open();
        assertThat(client.readChunk()).isEqualTo(Answers.event(1));
        return client;
    }

    private static void assertGoesOn(RawClient client, Gate gate) throws IOException {
        gate.open();
        assertThat(client.readChunk()).isEqualTo(Answers.event(2));
        assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
    }

    @Test
    void sendsTheNextRequestToTheNewTargetAndLeavesStreamsWhereTheyAre() throws IOException {
        Gate gate = Gate.named("next event");
        RawClient old = streamWith(gate);
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            other.enqueue(Answers.json(200, "other"));

            change(builder -> builder.target(other.uri()));

            assertThat(proxy.get("/new").readResponse().text()).isEqualTo("other");
            assertThat(proxy.proxy().config().target()).isEqualTo(other.uri());
            assertGoesOn(old, gate);
        }
    }

    @Test
    void closesIdleConnectionsToTheOldTargetAtOnceAndOthersWithTheirExchange() throws IOException {
        Gate gate = Gate.named("next event");
        RawClient old = streamWith(gate);
        proxy.upstream().enqueue(Answers.ok());
        assertThat(proxy.get("/before").readResponse().status()).isEqualTo(200);
        RecordedConnection used = proxy.upstream().awaitConnection(1);
        RecordedConnection idle = proxy.upstream().awaitConnection(2);
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            change(builder -> builder.target(other.uri()));

            Eventually.await("the idle connection to be closed", () -> idle.ending() == Ending.FIN);
            assertThat(used.ending()).isEqualTo(Ending.OPEN);
            assertGoesOn(old, gate);
            Eventually.await("the used connection to be closed", () -> used.ending() == Ending.FIN);
        }
    }

    @Test
    void keepsItsConnectionsIfOnlyOtherThingsChange() throws IOException {
        answerAll();
        proxy.get("/before").readResponse();
        RecordedConnection connection = proxy.upstream().awaitConnection(1);

        change(builder -> builder.proxyTokens(Map.of("ann", TOKEN)).streamIdleTimeout(Duration.ofMinutes(5)));

        assertThat(statusOf(get("Proxy-Authorization: Bearer " + TOKEN))).isEqualTo(200);
        assertThat(connection.ending()).isEqualTo(Ending.OPEN);
    }

    @Test
    void comesBackToATargetItHadBefore() throws IOException {
        answerAll();
        proxy.get("/before").readResponse();
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            change(builder -> builder.target(other.uri()));

            change(builder -> builder);

            assertThat(proxy.get("/after").readResponse().status()).isEqualTo(200);
            assertThat(proxy.upstream().connections()).hasSize(2);
        }
    }

    @Test
    void trustsWhomItIsToldToTrust() throws IOException {
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()));
        URI target = URI.create("https://localhost:" + proxy.upstream().port());
        proxy.target(target);
        answerAll();
        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_tls_failed");

        change(builder -> builder.target(target).targetCa(List.of(CERTIFICATES.authority())));
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);

        change(builder -> builder.target(target));
        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_tls_failed");

        change(builder -> builder.target(target).targetTlsVerify(false));
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void speaksTlsFromTheMomentThatAnUpstreamIsReachedByIt() throws IOException {
        List<X509Certificate> authority = List.of(CERTIFICATES.authority());
        proxy.with(builder -> builder.targetCa(authority));
        answerAll();
        assertThat(statusOf(get())).isEqualTo(200);
        try (ScriptedUpstream secure = ScriptedUpstream.tls(CERTIFICATES.localhost())) {
            secure.answer(request -> Answers.ok());

            change(builder -> builder.targetCa(authority).forwardAllow(List.of(ForwardRule.of(secure.authority()))));
            assertThat(statusOf("GET " + secure.uri() + "/ HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .isEqualTo(200);

            change(builder -> builder.targetCa(authority));
            proxy.proxy().retarget(secure.uri());
            assertThat(statusOf(get())).isEqualTo(200);
            assertThat(secure.requests()).hasSize(2);
        }
    }

    @Test
    void goesThroughTheNewUpstreamProxyAndLeavesStreamsWhereTheyAre() throws IOException {
        Gate gate = Gate.named("next event");
        RawClient old = streamWith(gate);
        try (ScriptedUpstream between = ScriptedUpstream.plain()) {
            between.enqueue(Answers.json(200, "by the proxy"));

            change(builder -> builder.upstreamProxy(between.uri()));

            assertThat(proxy.get("/").readResponse().text()).isEqualTo("by the proxy");
            assertGoesOn(old, gate);
            RecordedConnection used = proxy.upstream().awaitConnection(1);
            Eventually.await("the used connection to be closed", () -> used.ending() == Ending.FIN);
        }
        proxy.upstream().enqueue(Answers.ok());

        change(builder -> builder);

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void showsTheNewCertificateToTheTarget() throws IOException {
        proxy.to(ScriptedUpstream.tlsForKnownClients(CERTIFICATES.localhostForKnownClients()));
        UnaryOperator<ForwardProxyBuilder> trusting = builder -> builder.targetCa(List.of(CERTIFICATES.authority()));
        UnaryOperator<ForwardProxyBuilder> known = builder ->
                trusting.apply(builder).targetClientCertificate(CERTIFICATES.clientChain(), CERTIFICATES.clientKey());
        proxy.with(known);
        Gate gate = Gate.named("next event");
        RawClient old = streamWith(gate);

        change(trusting);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(502);
        assertGoesOn(old, gate);

        proxy.upstream().enqueue(Answers.ok());
        change(known);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    static Stream<Arguments> refusals() {
        String plain = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        String large = "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(2000) + "\r\n\r\n";
        return Stream.of(
                refusal("allowedClients", builder -> builder.allowedClients(List.of("192.0.2.0/24")), plain, 403),
                refusal("proxyTokens", builder -> builder.proxyTokens(Map.of("ann", TOKEN)), plain, 401),
                refusal("maxHeaderBytes", builder -> builder.maxHeaderBytes(1024), large, 431));
    }

    private static Arguments refusal(
            String name, UnaryOperator<ForwardProxyBuilder> change, String request, int status) {
        return Arguments.of(name, change, request, status);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesWhatTheNewSettingsRefuseAndTakesItAgain(
            String name, UnaryOperator<ForwardProxyBuilder> change, String request, int status) throws IOException {
        answerAll();
        assertThat(statusOf(request)).isEqualTo(200);

        change(change);
        assertThat(statusOf(request)).isEqualTo(status);

        change(builder -> builder);
        assertThat(statusOf(request)).isEqualTo(200);
    }

    @Test
    void countsStreamsThatWereThereBeforeAgainstANewLimit() throws IOException {
        Gate gate = Gate.named("next event");
        RawClient old = streamWith(gate);

        change(builder -> builder.maxStreams(1));

        assertProxyError(proxy.get("/").readResponse(), 503, "too_many_streams");
        assertGoesOn(old, gate);
    }

    @Test
    void reachesOtherHostsOnceItIsToldTo() throws IOException {
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            other.enqueue(Answers.ok());
            String request = "GET " + other.uri() + "/ HTTP/1.1\r\nHost: " + other.authority() + "\r\n\r\n";
            assertThat(statusOf(request)).isEqualTo(403);

            change(builder -> builder.forwardAllow(List.of(ForwardRule.of(other.authority()))));
            assertThat(statusOf(request)).isEqualTo(200);

            change(builder -> builder);
            assertThat(statusOf(request)).isEqualTo(403);
        }
    }

    @Test
    void sendsTheKeyAndTheOriginOfTheNewSettings() throws IOException {
        answerAll();
        proxy.proxy();

        change(builder -> builder.targetApiKey("x-api-key", "new-key").origin(OriginField.DROP));
        statusOf(get("x-api-key: own-key", "Origin: http://page.example"));

        RecordedRequest sent = proxy.upstream().takeRequest();
        assertThat(sent.head().values("x-api-key")).containsExactly("new-key");
        assertThat(sent.head().values("Origin")).isEmpty();
    }

    @Test
    void keepsWhatIsNotChangedOfTheSettingsInEffect() throws IOException {
        answerAll();
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", TOKEN)).targetApiKey("x-api-key", "real-key"));

        proxy.proxy().reconfigure(proxy.proxy().config().toBuilder().maxStreams(10));

        assertThat(proxy.proxy().config().limits().streams()).isEqualTo(10);
        assertThat(statusOf(get())).isEqualTo(401);
        assertThat(statusOf(get("x-api-key: " + TOKEN))).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().values("x-api-key")).containsExactly("real-key");
    }

    @Test
    void letsAnExchangeKeepTheTimeoutsItBeganWith() throws IOException {
        Gate gate = Gate.named("answer");
        Script late =
                Script.of(new Step.ReadBody(), Step.await(gate), Step.head("HTTP/1.1 200 OK", "Content-Length: 0"));
        proxy.upstream().enqueue(late, Answers.silence());
        RawClient old = proxy.get("/old");
        proxy.upstream().takeRequest();

        change(builder -> builder.firstByteTimeout(Duration.ofMillis(200)));
        assertProxyError(proxy.get("/new").readResponse(), 504, "upstream_first_byte_timeout");

        gate.open();
        assertThat(old.readResponse().status()).isEqualTo(200);
    }

    @Test
    void endsClientsThatDripByTheNewPatience() throws IOException {
        RawClient dripping = proxy.connect().send("GET / HT");

        change(builder -> builder.headerTimeout(Duration.ofMillis(200)));

        assertThat(dripping.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void letsNewConnectionsIdleForTheNewTime() throws IOException {
        answerAll();
        RawClient old = proxy.get("/");
        old.readResponse();

        change(builder -> builder.clientIdleTimeout(Duration.ofMillis(200)));
        RawClient young = proxy.get("/");
        young.readResponse();

        assertThat(young.readToEnd()).isEqualTo(Ending.FIN);
        assertThat(old.send(get()).readResponse().status()).isEqualTo(200);
    }

    @Test
    void showsAnotherCertificateToNewConnections() throws IOException {
        answerAll();
        proxy.overTls(CERTIFICATES.trustingClient());
        RawClient old = proxy.get("/");
        old.readResponse();

        change(builder -> builder.listenTls(CERTIFICATES.renewedChain(), CERTIFICATES.renewedKey()));

        assertThat(proxy.connect().serverCertificate())
                .isEqualTo(CERTIFICATES.renewedChain().get(0));
        assertThat(old.send(get()).readResponse().status()).isEqualTo(200);
    }

    @Test
    void keepsCountingGuessesWhateverTheTokensAre() throws IOException {
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", TOKEN)));
        for (int i = 0; i < 20; i++) {
            assertThat(statusOf(get())).isEqualTo(401);
        }

        change(builder -> builder.proxyTokens(Map.of("bob", TOKEN)));

        assertThat(statusOf(get())).isEqualTo(429);
    }

    static Stream<Arguments> fixed() {
        return Stream.of(
                fixed("listen", builder -> builder.listen("127.0.0.1", 1)),
                fixed("listen", builder -> builder.listen("0.0.0.0", 0)),
                fixed(
                        "listenTls",
                        builder -> builder.listenTls(CERTIFICATES.localhostChain(), CERTIFICATES.localhostKey())),
                fixed("listenHttp2", builder -> builder.listenHttp2(false)),
                fixed("listen, listenHttp2", builder -> builder.listen("0.0.0.0", 1)
                        .listenHttp2(false)));
    }

    private static Arguments fixed(String names, UnaryOperator<ForwardProxyBuilder> change) {
        return Arguments.of(names, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixed")
    void refusesToChangeWhereItListensAndChangesNothing(String names, UnaryOperator<ForwardProxyBuilder> change)
            throws IOException {
        answerAll();
        ProxyConfig before = proxy.proxy().config();

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> change(builder -> change.apply(builder.maxStreams(1))))
                .withMessage(names + " cannot change while the proxy runs; restart it");

        assertThat(proxy.proxy().config()).isEqualTo(before);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void takesOtherSettingsBeforeItStartsButNoneOnceItIsClosed() throws IOException {
        answerAll();
        ForwardProxy own = settings(builder -> builder.target(URI.create("http://127.0.0.1:1")))
                .build();
        try {
            own.reconfigure(settings(builder -> builder.proxyTokens(Map.of("ann", TOKEN))));
            own.start();

            try (RawClient client = RawClient.connect(own.address())) {
                assertThat(client.send(get("x-api-key: " + TOKEN))
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                assertThat(client.send(get()).readResponse().status()).isEqualTo(401);
            }
        } finally {
            own.close();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> own.reconfigure(settings(builder -> builder)))
                .withMessage("already closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> own.retarget(URI.create("http://127.0.0.1:1")))
                .withMessage("already closed");
    }

    @Test
    void refusesItsOwnAddressAsTheTarget() throws IOException {
        answerAll();
        URI own = proxy.uri();

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> change(builder -> builder.target(own)))
                .withMessageContaining("own address");

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void losesNoRequestWhileItChangesAllTheTime() throws Exception {
        answerAll();
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            other.answer(request -> Answers.ok());
            proxy.proxy();
            CompletableFuture<Void> changes = Background.run(() -> {
                for (int i = 0; i < 200; i++) {
                    boolean isOther = i % 2 == 0;
                    change(builder -> isOther ? builder.target(other.uri()) : builder);
                }
            });
            RawClient client = proxy.connect();

            int answered = 0;
            while (!changes.isDone() || answered < 100) {
                assertThat(client.send(get()).readResponse().status()).isEqualTo(200);
                answered++;
            }

            changes.join();
        }
    }
}
