package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the proxy, and as whom it speaks to the AI server. */
final class DoorIT {
    private static final String TOKEN = "token-of-ann-0123456789";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private void lock() {
        proxy.with(builder -> builder.proxyTokens(Map.of("ann", TOKEN)));
    }

    private RawResponse get(String... fieldLines) throws IOException {
        StringBuilder head = new StringBuilder("GET /v1/models HTTP/1.1\r\nHost: client.example\r\n");
        for (String line : fieldLines) {
            head.append(line).append("\r\n");
        }
        return proxy.connect().send(head + "\r\n").readResponse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: b",
                "Authorization: Bearer another-token-0123456789",
                "Authorization: Bearer token-of-ann-012345678",
                "Authorization: Bearer token-of-ann-01234567890",
                "x-api-key: TOKEN-OF-ANN-0123456789",
                "Cookie: token-of-ann-0123456789"
            })
    void opensForNobodyWithoutAToken(String fieldLine) throws IOException {
        lock();

        RawResponse response = get(fieldLine);

        assertProxyError(response, 401, "token_required");
        assertThat(response.head().value("WWW-Authenticate")).contains("Bearer realm=\"ai-proxy\"");
        assertThat(proxy.upstream().connections()).isEmpty();
        assertThat(proxy.expectEnd(Outcome.REFUSED).exchange().clientName()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer " + TOKEN,
                "authorization: bearer " + TOKEN,
                "x-api-key: " + TOKEN,
                "api-key: " + TOKEN,
                "X-Goog-Api-Key: " + TOKEN,
                "Proxy-Authorization: Bearer " + TOKEN
            })
    void opensForATokenAndKeepsItToItself(String fieldLine) throws IOException {
        lock();
        proxy.upstream().enqueue(Answers.ok());

        assertThat(get("A: b", fieldLine, "C: d").status()).isEqualTo(200);

        assertThat(proxy.upstream().requests().get(0).head().fieldLines())
                .containsExactly("Host: " + proxy.upstream().authority(), "A: b", "C: d");
        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.exchange().clientName()).contains("ann");
    }

    @Test
    void leavesTheKeyOfTheAiServerAloneBesideATokenForTheProxy() throws IOException {
        lock();
        proxy.upstream().enqueue(Answers.ok());

        assertThat(get("Proxy-Authorization: Bearer " + TOKEN, "Authorization: Bearer sk-ann")
                        .status())
                .isEqualTo(200);

        assertThat(proxy.upstream().requests().get(0).head().values("Authorization"))
                .containsExactly("Bearer sk-ann");
    }

    @Test
    void asksAsAProxyWhoeverTakesItForOne() throws IOException {
        lock();
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect();
        String request = "GET http://" + proxy.upstream().authority() + "/x HTTP/1.1\r\nHost: x\r\n";
        String basic = Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.US_ASCII));

        RawResponse refused = client.send(request + "\r\n").readResponse();

        assertProxyError(refused, 407, "proxy_token_required");
        assertThat(refused.head().value("Proxy-Authenticate")).contains("Basic realm=\"ai-proxy\"");
        assertThat(client.send(request + "Proxy-Authorization: Basic " + basic + "\r\n\r\n")
                        .readResponse()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void asksBeforeItOpensATunnel() throws IOException {
        lock();
        String request = "CONNECT " + proxy.upstream().authority() + " HTTP/1.1\r\nHost: x\r\n";

        assertProxyError(proxy.connect().send(request + "\r\n").readResponse(), 407, "proxy_token_required");
        assertThat(proxy.upstream().connections()).isEmpty();

        MessageHead opened = proxy.connect()
                .send(request + "Proxy-Authorization: Bearer " + TOKEN + "\r\n\r\n")
                .readHead();
        assertThat(opened.status()).isEqualTo(200);
    }

    /** Who may be forwarded to another host must not collect the key of the AI server there. */
    @Test
    void keepsItsOwnKeyFromOtherHosts() throws IOException {
        try (ScriptedUpstream elsewhere = ScriptedUpstream.plain()) {
            proxy.with(builder -> builder.targetApiKey("Authorization", "Bearer sk-real")
                    .forwardAllow(List.of(ForwardRule.of(elsewhere.authority()))));
            elsewhere.enqueue(Answers.ok());

            proxy.connect()
                    .send("GET " + elsewhere.uri() + "/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-mine\r\n\r\n")
                    .readResponse();

            assertThat(elsewhere.takeRequest().head().values("Authorization")).containsExactly("Bearer sk-mine");
        }
    }

    @Test
    void slowsDownWhoTriesAgainAndAgainButNotWhoHasAToken() throws IOException {
        lock();
        proxy.upstream().enqueue(Answers.ok());
        for (int number = 0; number < 20; number++) {
            assertThat(get("x-api-key: guess-number-0000" + number).status()).isEqualTo(401);
        }

        RawResponse refused = get("x-api-key: guess-number-00020");

        assertProxyError(refused, 429, "too_many_attempts");
        assertThat(refused.head().value("Retry-After")).contains("60");
        assertThat(get("x-api-key: " + TOKEN).status()).isEqualTo(200);
    }

    @Test
    void keepsTheConnectionOfWhoIsRefused() throws IOException {
        lock();
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect();

        client.send(proxy.postRequest("/v1", "{}"));
        assertProxyError(client.readResponse(), 401, "token_required");

        client.send("GET / HTTP/1.1\r\nHost: x\r\nx-api-key: " + TOKEN + "\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void refusesClientsThatAreNotAllowed() throws IOException {
        proxy.with(builder -> builder.allowedClients(List.of("192.0.2.0/24", "::1")));

        assertProxyError(get(), 403, "client_not_allowed");

        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void servesClientsThatAreAllowed() throws IOException {
        proxy.with(builder -> builder.allowedClients(List.of("192.0.2.0/24", "127.0.0.0/8")));
        proxy.upstream().enqueue(Answers.ok());

        assertThat(get().status()).isEqualTo(200);
    }

    @Test
    void speaksWithAKeyOfItsOwn() throws IOException {
        lock();
        proxy.with(builder -> builder.targetApiKey("Authorization", "Bearer sk-real"));
        proxy.upstream().enqueue(Answers.ok());

        get("A: b", "x-api-key: " + TOKEN, "authorization: Bearer sk-mine", "C: d");

        assertThat(proxy.upstream().requests().get(0).head().fieldLines())
                .containsExactly(
                        "Host: " + proxy.upstream().authority(), "A: b", "Authorization: Bearer sk-real", "C: d");
    }
}
