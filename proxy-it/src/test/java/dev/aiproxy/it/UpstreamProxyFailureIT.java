package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.Outcome;
import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An upstream proxy that fails, in each way that one can, costs one request a clear error and nobody anything else; the
 * same if HTTP/2 is to be spoken behind it, where the target is secure.
 */
@ParameterizedClass
@EnumSource(names = {"HTTP_1_1", "AUTO"})
@Timeout(60)
final class UpstreamProxyFailureIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final Duration PROMPT = Duration.ofMillis(300);

    /** The ways of a request: a tunnel of the proxy's own, absolute-form, a tunnel of the client. */
    private static final String TUNNELLED = "https://ai.example:443";

    private static final String PLAIN = "http://ai.example:80";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private ScriptedUpstream between = ScriptedUpstream.plain();

    UpstreamProxyFailureIT(TargetHttpVersion version) {
        proxy.with(builder -> builder.targetHttpVersion(version));
    }

    @AfterEach
    void close() {
        between.close();
    }

    private void through(String scheme, String login) {
        proxy.with(builder -> builder.upstreamProxy(URI.create(scheme + "://" + login + "localhost:" + between.port()))
                .targetCa(List.of(CERTIFICATES.authority()))
                .forwardAllow(List.of(ForwardRule.of("other.example"))));
    }

    private void betweenSays(Step... steps) {
        between.answer(request -> Script.of(steps));
        through("http", "");
        proxy.target(URI.create(TUNNELLED));
    }

    private RawClient connectRequest() throws IOException {
        return proxy.connect().send("CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n");
    }

    /** For a request in a tunnel of the proxy, and for a tunnel of the client. */
    private void expectError(int status, String code) throws IOException {
        assertProxyError(proxy.get("/v1").readResponse(), status, code);
        assertProxyError(connectRequest().readResponse(), status, code);
        assertThat(proxy.listener().awaitEnd(1).errorCode()).contains(code);
        assertThat(proxy.listener().awaitEnd(2).errorCode()).contains(code);
    }

    @Test
    void asksForTunnelsWithItsPasswordAndSendsNothingOfTheClients() throws IOException {
        betweenSays(Step.head("HTTP/1.1 403 Forbidden"));
        through("http", "me:s3cret@");

        proxy.connect()
                .send(
                        "GET / HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic eDp5\r\nAuthorization: Bearer sk\r\n\r\n")
                .readResponse();
        connectRequest().readResponse();

        assertThat(between.takeRequest().head().text())
                .isEqualTo("CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n"
                        + "Proxy-Authorization: Basic bWU6czNjcmV0\r\n\r\n");
    }

    @Test
    void sendsPlainRequestsInAbsoluteFormWithItsPassword() throws IOException {
        between.enqueue(Answers.ok());
        through("http", "me:s3cret@");
        proxy.target(URI.create(PLAIN));

        RawResponse response = proxy.connect()
                .send("PoST /a%2F?b HTTP/1.1\r\nhOST: x\r\nProxy-Authorization: Basic eDp5\r\nx-Odd:  1\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
                .readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(between.takeRequest().head().text())
                .isEqualTo("PoST http://ai.example/a%2F?b HTTP/1.1\r\nhOST: ai.example\r\nx-Odd:  1\r\n"
                        + "Content-Length: 2\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 407 Proxy Authentication Required, upstream_proxy_auth_failed",
        "HTTP/1.1 403 Forbidden, upstream_proxy_refused",
        "HTTP/1.1 503 Service Unavailable, upstream_proxy_refused",
        "SSH-2.0-OpenSSH_9.2, upstream_proxy_bad_response"
    })
    void tellsARefusal(String statusLine, String code) throws IOException {
        betweenSays(Step.head(statusLine, "Proxy-Authenticate: Basic realm=x", "Content-Length: 2"), Step.send("no"));

        expectError(502, code);
    }

    /** A client has no password for this proxy, and would be asked for one that it has for another. */
    @Test
    void doesNotPassA407On() throws IOException {
        between.answer(request -> Answers.message("HTTP/1.1 407 x", "no", "Proxy-Authenticate: Basic realm=x"));
        through("http", "");
        proxy.target(URI.create(PLAIN));

        RawResponse response =
                proxy.connect().send(proxy.postRequest("/", "{}")).readResponse();

        assertProxyError(response, 502, "upstream_proxy_auth_failed");
        assertThat(response.head().value("Proxy-Authenticate")).isEmpty();
    }

    @Test
    void tellsAnEndWithinTheAnswer() throws IOException {
        betweenSays(Step.send("HTTP/1.1 200 Conn"), new Step.Fin());

        expectError(502, "upstream_proxy_bad_response");
    }

    @Test
    void tellsAnEndInsteadOfAnAnswer() throws IOException {
        betweenSays(new Step.Fin());

        expectError(502, "upstream_proxy_bad_response");
    }

    @Test
    void tellsAReset() throws IOException {
        betweenSays(new Step.Reset());

        expectError(502, "upstream_proxy_unreachable");
    }

    @Test
    void readsNoAnswerWithoutEnd() throws IOException {
        betweenSays(Step.send("HTTP/1.1 200 OK\r\nA: "), new Step.Pour(100_000), new Step.Never());

        expectError(502, "upstream_proxy_bad_response");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nA: b"})
    void waitsForAnAnswerNoLongerThanTheConnectTimeout(String begun) throws IOException {
        betweenSays(Step.send(begun), new Step.Never());
        proxy.with(builder -> builder.connectTimeout(Duration.ofMillis(300)));

        expectError(504, "upstream_proxy_timeout");

        // Nobody is left to use what would come about.
        assertThat(between.awaitConnection(1).awaitEnd(Eventually.PATIENCE)).isNotEqualTo(Ending.OPEN);
        assertThat(between.awaitConnection(2).awaitEnd(Eventually.PATIENCE)).isNotEqualTo(Ending.OPEN);
    }

    @Test
    void waitsForAHandshakeNoLongerThanTheConnectTimeout() throws IOException {
        between.close();
        between = ScriptedUpstream.silent();
        through("https", "");
        proxy.target(URI.create(TUNNELLED)).with(builder -> builder.connectTimeout(Duration.ofMillis(300)));

        expectError(504, "upstream_proxy_timeout");
    }

    @Test
    void worksAgainAsSoonAsTheProxyDoes() throws IOException {
        betweenSays(new Step.Never());
        proxy.with(builder -> builder.connectTimeout(Duration.ofMillis(500)));
        RawClient client = proxy.connect();
        assertProxyError(client.send(proxy.getRequest("/")).readResponse(), 504, "upstream_proxy_timeout");

        between.answer(request -> Script.of(Step.head("HTTP/1.1 403 no")));

        assertProxyError(client.send(proxy.getRequest("/")).readResponse(), 502, "upstream_proxy_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:PORT", "https://127.0.0.1:PORT", "socks5://127.0.0.1:PORT"})
    void tellsThatNobodyListens(String uri) throws IOException {
        between.close();
        String port = String.valueOf(between.port());
        through("http", "");
        proxy.target(URI.create(TUNNELLED))
                .with(builder -> builder.upstreamProxy(URI.create(uri.replace("PORT", port))));

        expectError(502, "upstream_proxy_unreachable");
    }

    @Test
    void tellsThatNobodyListensForPlainRequests() throws IOException {
        between.close();
        through("http", "");
        proxy.target(URI.create(PLAIN));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_unreachable");
    }

    @Test
    void tellsThatItsNameIsUnknown() throws IOException {
        through("http", "");
        proxy.target(URI.create(TUNNELLED))
                .with(builder -> builder.upstreamProxy(URI.create("http://proxy.invalid:3128")));

        expectError(502, "upstream_proxy_unreachable");
    }

    @ParameterizedTest
    @ValueSource(strings = {TUNNELLED, PLAIN})
    void trustsNoStrangerWithItsPassword(String target) throws IOException {
        between.close();
        between = ScriptedUpstream.tls(CERTIFICATES.otherHost());
        through("https", "me:s3cret@");
        // What is not checked of the target's certificate, the proxy's is.
        proxy.target(URI.create(target)).with(builder -> builder.targetTlsVerify(false));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_unreachable");
        assertProxyError(connectRequest().readResponse(), 502, "upstream_proxy_unreachable");
        assertThat(between.requests()).isEmpty();
    }

    /** Behind its 200 come the target's bytes, and the target is not asked yet. */
    @Test
    void takesNothingForAnAnswerThatComesBeforeTheRequest() throws IOException {
        between.answer(request -> Script.of(
                Step.send("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), new Step.Never()));
        through("http", "");
        proxy.target(URI.create(PLAIN));

        RawResponse response = proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                .readResponse();

        assertProxyError(response, 502, "upstream_proxy_bad_response");
    }

    @Test
    void handsATunnelWhatComesBehindTheAnswer() throws IOException {
        betweenSays(Step.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n220 hello\r\n"), new Step.Never());

        RawClient client = connectRequest();

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readRaw(11)).isEqualTo("220 hello\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "05ff, upstream_proxy_auth_failed",
        "0502, upstream_proxy_auth_failed",
        "050005050001000000000000, upstream_proxy_refused",
        "48545450, upstream_proxy_bad_response"
    })
    void tellsWhatASocksProxyDoesNot(String hex, String code) throws IOException {
        between.greet(Script.of(new Step.Send(HexFormat.of().parseHex(hex)), new Step.Never()));
        through("socks5", "");
        proxy.target(URI.create(TUNNELLED));

        expectError(502, code);
    }

    @Test
    void letsGoOfItsProxyWhenTheClientOfATunnelLeaves() throws IOException {
        betweenSays(new Step.Never());
        RawClient client = connectRequest();
        RecordedConnection connection = between.takeRequest().connection();

        long leftAtNanos = Leaving.RST.from(client);

        assertPromptEnd(connection, leftAtNanos, PROMPT.plusMillis(200));
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT 127.0.0.1:443",
                "CONNECT [::1]:443",
                "CONNECT 169.254.169.254:80",
                "CONNECT localhost:80",
                "GET http://10.0.0.1/",
                "GET https://192.168.0.1/",
                "GET http://a.localhost/"
            })
    void asksItForNoInternalAddressThatOnlyAWildcardAllows(String requestLine) throws IOException {
        through("http", "");
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of("*"))));

        RawClient client = proxy.connect().send(requestLine + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProxyError(client.readResponse(), 403, "forward_address_not_allowed");
        assertThat(between.connections()).isEmpty();
    }

    @Test
    void letsItLookUpWhatAWildcardAllows() throws IOException {
        betweenSays(Step.head("HTTP/1.1 403 no"));
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of("*"))));

        proxy.connect()
                .send("CONNECT a.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n")
                .readResponse();

        assertThat(between.takeRequest().target()).isEqualTo("a.invalid:443");
    }

    @Test
    void refusesToBeItsOwnProxy() {
        ForwardProxy own = ForwardProxy.builder()
                .listen("127.0.0.1", 9)
                .upstreamProxy(URI.create("http://me:s3cret@localhost:9"))
                .build();

        assertThatThrownBy(own::start)
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("upstream proxy http://***@localhost:9 is this proxy's own address; name the next one");
    }
}
