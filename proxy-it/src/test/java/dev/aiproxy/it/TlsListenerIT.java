package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards clients: who is let in, which certificate they see, and what becomes of those that speak something else. */
final class TlsListenerIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final Duration SHORT = Duration.ofMillis(500);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension().overTls(CERTIFICATES.trustingClient());

    /** Connects and shakes hands, with this client's wishes. */
    private SSLSocket handshake(String version, String... applicationProtocols) throws IOException {
        SSLSocket socket = (SSLSocket) CERTIFICATES
                .trustingClient()
                .getSocketFactory()
                .createSocket("127.0.0.1", proxy.proxy().address().getPort());
        SSLParameters wishes = socket.getSSLParameters();
        wishes.setProtocols(new String[] {version});
        wishes.setApplicationProtocols(applicationProtocols);
        socket.setSSLParameters(wishes);
        socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    private RawClient plain() throws IOException {
        return RawClient.connect(proxy.proxy().address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksThisVersion(String version) throws IOException {
        try (SSLSocket socket = handshake(version, "h2", "http/1.1")) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void letsClientsInThatAskForNoProtocolOrForTheOldOne() throws IOException {
        try (SSLSocket asksNothing = handshake("TLSv1.3");
                SSLSocket isOld = handshake("TLSv1.3", "http/1.0")) {
            assertThat(asksNothing.getApplicationProtocol()).isEmpty();
            assertThat(isOld.getApplicationProtocol()).isEqualTo("http/1.0");
        }
    }

    @Test
    void speaksHttp1ToClientsThatKnowNothingElse() throws IOException {
        try (SSLSocket socket = handshake("TLSv1.3", "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void refusesClientsThatSpeakHttp2OnlyIfThatIsOff() throws IOException {
        proxy.with(builder -> builder.listenHttp2(false));

        try (SSLSocket both = handshake("TLSv1.3", "h2", "http/1.1")) {
            assertThat(both.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        assertThatThrownBy(() -> handshake("TLSv1.3", "h2")).isInstanceOf(SSLException.class);
    }

    /** A hello as old clients send it: the JDK's own client no longer can. */
    @Test
    void refusesTls11() throws IOException {
        byte[] hello = TlsBytes.clientHello(0x03, 0x02);

        try (RawClient client = plain().send(hello)) {
            byte[] alert = client.readSome();

            assertThat(alert).startsWith(0x15, 0x03);
            assertThat(alert[6]).as("protocol_version").isEqualTo((byte) 70);
            assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        }
    }

    @Test
    void forwardsTheHeadAsItIsAndAsksNoQuestionsAboutItsHost() throws IOException {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 299 Odd Reason", "body", "x-ODD:  a ", "X-odd: b"));

        RawClient client = proxy.connect()
                .send("GET /a%2Fb//c?x=%7e HTTP/1.1\r\nhost: elsewhere.example\r\nx-Case:  v \r\nX-case: w\r\n\r\n");

        RawResponse response = client.readResponse();
        assertThat(response.head().startLine()).isEqualTo("HTTP/1.1 299 Odd Reason");
        assertThat(response.head().toString()).contains("x-ODD:  a ", "X-odd: b");
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.head().startLine()).isEqualTo("GET /a%2Fb//c?x=%7e HTTP/1.1");
        assertThat(request.head().toString()).contains("x-Case:  v", "X-case: w");
        assertThat(request.head().values("Host"))
                .containsExactly(proxy.upstream().authority());
    }

    @Test
    void forwardsNoAbsoluteFormToAnotherHost() throws IOException {
        RawClient client = proxy.connect().send("GET https://elsewhere/ HTTP/1.1\r\nHost: elsewhere\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(403);
    }

    @Test
    void carriesALargeUploadBothWays() throws IOException {
        int length = 8 * 1024 * 1024;
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + length)
                        .then(new Step.Pour(length)));
        byte[] body = Pattern.bytes(length);

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");
        client.send(body);

        assertThat(client.readResponse().body()).isEqualTo(body);
        assertThat(proxy.upstream().takeRequest().bodyBytes()).isEqualTo(length);
    }

    @Test
    void letsInWhoShowsACertificateOfTheAuthority() throws IOException {
        requireCertificates(CERTIFICATES.knownClient());
        proxy.upstream().enqueue(Answers.ok());

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void keepsOutWhoShowsNoCertificate() {
        requireCertificates(CERTIFICATES.trustingClient());

        assertThatThrownBy(() -> proxy.get("/").readResponse()).isInstanceOf(IOException.class);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void keepsOutWhoShowsACertificateOfSomebodyElse() {
        requireCertificates(CERTIFICATES.strangeClient());

        assertThatThrownBy(() -> proxy.get("/").readResponse()).isInstanceOf(IOException.class);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    private void requireCertificates(SSLContext client) {
        proxy.overTls(client).with(builder -> builder.listenTlsClientCa(List.of(CERTIFICATES.authority())));
    }

    @Test
    void showsARenewedCertificateToNewConnectionsAndLeavesStreamsAlone() throws IOException {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate), Answers.ok());
        RawClient old = proxy.get("/stream");
        old.readHead();
        gate.open();
        old.readChunk();

        ForwardProxy running = proxy.proxy();
        running.renewListenTls(CERTIFICATES.renewedChain(), CERTIFICATES.renewedKey(), List.of());

        RawClient young = proxy.get("/");
        assertThat(young.readResponse().status()).isEqualTo(200);
        assertThat(young.serverCertificate())
                .isEqualTo(CERTIFICATES.renewedChain().get(0));
        assertThat(running.config().listen().tls().orElseThrow().chain()).isEqualTo(CERTIFICATES.renewedChain());
        gate.open();
        assertThat(old.readChunk()).isEqualTo(Answers.event(2));
        assertThat(old.serverCertificate())
                .isEqualTo(CERTIFICATES.localhostChain().get(0));
    }

    @Test
    void keepsTheOldCertificateIfTheNewOneIsWrong() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        assertThatThrownBy(() -> proxy.proxy()
                        .renewListenTls(CERTIFICATES.renewedChain(), CERTIFICATES.localhostKey(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the key does not fit");

        RawClient client = proxy.get("/");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(client.serverCertificate())
                .isEqualTo(CERTIFICATES.localhostChain().get(0));
    }

    @Test
    void asksNewConnectionsForCertificatesOnceToldTo() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient old = proxy.get("/");
        old.readResponse();

        proxy.proxy()
                .renewListenTls(
                        CERTIFICATES.localhostChain(), CERTIFICATES.localhostKey(), List.of(CERTIFICATES.authority()));

        assertThatThrownBy(() -> proxy.get("/").readResponse()).isInstanceOf(IOException.class);
        assertThat(old.send(proxy.getRequest("/")).readResponse().status()).isEqualTo(200);
    }

    @Test
    void tellsPlainHttpThatItMustBeHttps() throws IOException {
        try (RawClient client = plain().send(proxy.postRequest("/v1/chat", "{}"))) {
            ProxyErrors.assertProxyError(client.readResponse(), 400, "https_required");
            assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
        }
        assertThat(proxy.expectEnd(Outcome.REFUSED).errorCode()).contains("https_required");
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void tellsPlainHttpSoThoughItDrips() throws IOException {
        try (RawClient client = plain()) {
            Wire.drip(client, proxy.getRequest("/"));

            ProxyErrors.assertProxyError(client.readResponse(), 400, "https_required");
        }
    }

    @Test
    void closesOnGarbage() throws IOException {
        try (RawClient client = plain().send(Pattern.bytes(64 * 1024))) {
            assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        }
    }

    @Test
    void closesHeadsThatDripWithinRecords() throws IOException {
        proxy.with(builder -> builder.headerTimeout(SHORT));
        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\n");
        long startNanos = System.nanoTime();

        Wire.drip(client, "a".repeat(40), Duration.ofMillis(100));

        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertPrompt(startNanos, Duration.ofSeconds(3));
    }

    @Test
    void closesRecordsThatDrip() throws IOException {
        proxy.with(builder -> builder.headerTimeout(SHORT));
        RawClient client = proxy.connect();
        long startNanos = System.nanoTime();

        Wire.dripBelowTls(client, "\u0017\u0003\u0003\u0040\u0000" + "x".repeat(35), Duration.ofMillis(100));

        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertPrompt(startNanos, Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40})
    void closesHandshakesThatStall(int bytes) throws IOException {
        proxy.with(builder -> builder.headerTimeout(SHORT));
        byte[] hello = TlsBytes.clientHello(0x03, 0x03);

        try (RawClient client = plain().send(Arrays.copyOf(hello, bytes))) {
            assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        }
    }

    @Test
    void closesConnectionsThatNeverSayAnything() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(SHORT));

        try (RawClient client = plain()) {
            assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        }
    }

    @Test
    void keepsAnIdleConnectionThatHasShakenHands() throws IOException {
        proxy.with(builder -> builder.headerTimeout(SHORT));
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect();

        assertThat(client.isQuiet(SHORT.multipliedBy(3))).isTrue();

        assertThat(client.send(proxy.getRequest("/")).readResponse().status()).isEqualTo(200);
        assertThat(client.isQuiet(SHORT.multipliedBy(3))).isTrue();
        assertThat(client.send(proxy.getRequest("/")).readResponse().status()).isEqualTo(200);
    }

    @Test
    void letsGoOfAConnectionThatItHasEnded() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(SHORT));
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        client.readResponse();

        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);

        assertThat(client.readToEndBelowTls()).isIn(Ending.FIN, Ending.RST);
    }
}
