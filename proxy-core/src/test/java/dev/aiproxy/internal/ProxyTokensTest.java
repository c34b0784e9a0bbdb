package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyTokensTest {

    private static final String ANN = "token-of-ann-0123456789";
    private static final String BOB = "token-of-bob-0123456789";

    private final ProxyTokens tokens = new ProxyTokens(Map.of("ann", hash(ANN), "bob", hash(BOB)));

    private static String hash(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,Bearer " + ANN,
        "Proxy-Authorization,bearer " + ANN,
        "x-api-key," + ANN,
        "X-API-KEY," + ANN,
        "api-key," + ANN,
        "x-goog-api-key," + ANN
    })
    void findsATokenWhereClientsPutIt(String name, String value) {
        assertThat(tokens.nameOf(new HttpField(name, value))).contains("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann:", "anyone:", ":", "a:"})
    void takesTheTokenAsThePasswordOfAnyUser(String user) {
        assertThat(tokens.nameOf(new HttpField("Proxy-Authorization", basic(user + BOB))))
                .contains("bob");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,Bearer another-token-0123456789",
        "Authorization,Bearer",
        "Authorization," + ANN,
        "Authorization,Digest " + ANN,
        "Authorization,Basic !!!",
        "Cookie," + ANN,
        "X-Forwarded-For," + ANN,
        "x-api-key,''"
    })
    void findsNoneElsewhereAndNoneThatIsNotOurs(String name, String value) {
        assertThat(tokens.nameOf(new HttpField(name, value))).isEmpty();
    }

    @Test
    void tellsCredentialsFromOtherFields() {
        assertThat(ProxyTokens.isCredential(new HttpField("authorization", "x")))
                .isTrue();
        assertThat(ProxyTokens.isCredential(new HttpField("X-Api-Key", "x"))).isTrue();
        assertThat(ProxyTokens.isCredential(new HttpField("anthropic-version", "x")))
                .isFalse();
    }
}
