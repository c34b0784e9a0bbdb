package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.OriginField;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Http2RequestHeadTest {

    private static final Target TARGET = Target.of(URI.create("https://ai.example:443"));

    private static MetaData.Request of(String wire, Target target, Credentials credentials, OriginField origin) {
        return Http2RequestHead.of(HeadOnlyRequest.of(ParsedHead.of(wire)), null, target, credentials, origin, null);
    }

    private static MetaData.Request of(String wire) {
        return of(wire, TARGET, Credentials.UNTOUCHED, OriginField.KEEP);
    }

    private static List<String> lines(MetaData.Request head) {
        return head.getHttpFields().stream()
                .map(field -> field.getLowerCaseName() + ": " + field.getValue())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'A: b\r\nTraceParent: 00-a-b-01\r\nC: d\r\n', 'a: b,traceparent: 00-a-c-01,c: d'",
        "'A: b\r\nC: d\r\n', 'a: b,c: d,traceparent: 00-a-c-01'",
        "'traceparent: 1\r\nA: b\r\ntraceparent: 2\r\n', 'traceparent: 00-a-c-01,a: b'"
    })
    void putsTheChosenTraceparentWhereTheClientsWas(String fields, String forwarded) {
        MetaData.Request head = Http2RequestHead.of(
                HeadOnlyRequest.of(ParsedHead.of("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n")),
                null,
                TARGET,
                Credentials.UNTOUCHED,
                OriginField.KEEP,
                "00-a-c-01");

        assertThat(lines(head)).containsExactly(forwarded.split(","));
    }

    @Test
    void namesTheTargetOnce() {
        MetaData.Request head = of("GET / HTTP/1.1\r\nHost: client.example\r\nA: b\r\n\r\n");

        assertThat(head.getHttpURI().getAuthority()).isEqualTo("ai.example");
        assertThat(head.getHttpURI().getScheme()).isEqualTo("https");
        assertThat(lines(head)).containsExactly("a: b");
    }

    @ParameterizedTest
    @CsvSource({
        "http://ai.example:80, ai.example",
        "http://ai.example:8000, ai.example:8000",
        "https://ai.example:80, ai.example:80",
        "http://[::1]:8000, [::1]:8000",
    })
    void namesThePortUnlessItIsTheSchemesOwn(URI target, String authority) {
        MetaData.Request head =
                of("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Target.of(target), Credentials.UNTOUCHED, OriginField.KEEP);

        assertThat(head.getHttpURI().getAuthority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1//a%2fb/..;x=1?q=a%20b&e=, /v1//a%2fb/..;x=1?q=a%20b&e=",
        "/?, /?",
        "/a?b?c, /a?b?c",
        "http://ai.example, /",
        "http://ai.example?a, /?a",
        "http://ai.example/x//y, /x//y",
    })
    void keepsTheTargetByteForByte(String target, String path) {
        assertThat(of("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .getHttpURI()
                        .getPathQuery())
                .isEqualTo(path);
    }

    @Test
    void endsHopByHopFieldsButAsksForTrailers() {
        MetaData.Request head = of(
                "POST / HTTP/1.1\r\nHost: x\r\nTE: gzip, trailers\r\nConnection: TE, X-Hop\r\n"
                        + "X-Hop: 1\r\nTransfer-Encoding: chunked\r\nKeep-Alive: 5\r\nUpgrade: h2c\r\nExpect: 100-continue\r\n\r\n");

        assertThat(lines(head)).containsExactly("expect: 100-continue", "te: trailers");
    }

    @Test
    void putsTheTargetsKeyInPlaceOfTheClients() {
        ProxyConfig.TargetKey key = new ProxyConfig.TargetKey("x-api-key", "real");

        MetaData.Request head = of(
                "GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nAuthorization: Bearer theirs\r\nB: 2\r\n\r\n",
                TARGET,
                new Credentials(null, Optional.of(key)),
                OriginField.KEEP);

        assertThat(lines(head)).containsExactly("a: 1", "x-api-key: real", "b: 2");
    }

    @ParameterizedTest
    @CsvSource({"KEEP, http://localhost:3000", "DROP,", "TARGET, https://ai.example"})
    void keepsDropsOrReplacesTheOrigin(OriginField origin, String expected) {
        MetaData.Request head = of(
                "GET / HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\n\r\n",
                TARGET,
                Credentials.UNTOUCHED,
                origin);

        assertThat(head.getHttpFields().get("origin")).isEqualTo(expected);
    }
}
