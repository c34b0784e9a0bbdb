package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests may go, the proxy standing in front of https://ai.example. */
final class ForwardRulesTest {

    private static Route route(String allowed, String requestLine) {
        List<ForwardRule> rules = allowed.isEmpty()
                ? List.of()
                : Arrays.stream(allowed.split(" ")).map(ForwardRule::of).toList();
        ForwardRules forwardRules = new ForwardRules(rules, Target.of(URI.create("https://ai.example:443")));
        String wire = requestLine + " HTTP/1.1\r\nHost: x\r\n\r\n";
        ParsedHead head = ParsedHead.of(wire);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        RawHead raw = RawHead.of(bytes, 0, bytes.length, head.fields());
        return forwardRules.routeOf(HeadOnlyRequest.of(head), raw, !requestLine.contains(" /"));
    }

    @ParameterizedTest(name = "[{0}] {1}: {2} {3}")
    @CsvSource({
        "'', GET /x, https://ai.example:443, OWN",
        "'', GET //other.example/x, https://ai.example:443, OWN",
        "'', GET https://ai.example/x, https://ai.example:443, OWN",
        "'', GET https://AI.Example:443/x, https://ai.example:443, OWN",
        "'', GET http://ai.example:443/x, https://ai.example:443, OWN",
        "'', CONNECT ai.example:443, https://ai.example:443, OWN",
        "'', CONNECT AI.EXAMPLE:443, https://ai.example:443, OWN",
        "a.example, GET http://a.example/x, http://a.example:80, NAMED",
        "a.example, GET http://A.Example/x, http://a.example:80, NAMED",
        "a.example, GET https://a.example, https://a.example:443, NAMED",
        "a.example, GET https://a.example?q, https://a.example:443, NAMED",
        "a.example, CONNECT a.example:443, http://a.example:443, NAMED",
        "a.example, CONNECT a.example:80, http://a.example:80, NAMED",
        "a.example:8443, GET https://a.example:8443/x, https://a.example:8443, NAMED",
        "127.0.0.1:99, CONNECT 127.0.0.1:99, http://127.0.0.1:99, NAMED",
        "[::1]:99, CONNECT [::1]:99, http://[::1]:99, NAMED",
        "[::1]:99, 'GET http://[0:0:0:0:0:0:0:1]:99/', 'http://[0:0:0:0:0:0:0:1]:99', NAMED",
        "[2001:DB8::a]:99, 'GET http://[2001:db8:0::A]:99/', 'http://[2001:db8:0::a]:99', NAMED",
        "*.a.example, GET http://b.a.example/, http://b.a.example:80, WILDCARD",
        "*.a.example, GET http://c.b.a.example/, http://c.b.a.example:80, WILDCARD",
        "*.a.example:99, CONNECT b.a.example:99, http://b.a.example:99, WILDCARD",
        "*, GET http://b.example/, http://b.example:80, WILDCARD",
        "*, CONNECT 192.0.2.1:443, http://192.0.2.1:443, WILDCARD",
        "*:99, CONNECT b.example:99, http://b.example:99, WILDCARD",
        "* b.example, CONNECT b.example:443, http://b.example:443, NAMED",
        "b.example *, CONNECT b.example:443, http://b.example:443, NAMED"
    })
    void findsWhereARequestGoes(String allowed, String requestLine, URI uri, Target.Reach reach) {
        Route route = route(allowed, requestLine);

        assertThat(route.refusal()).isNull();
        assertThat(route.target().uri()).isEqualTo(uri);
        assertThat(route.target().reach()).isEqualTo(reach);
    }

    @ParameterizedTest(name = "[{0}] {1}")
    @CsvSource({
        "'', GET http://a.example/",
        "'', GET http://ai.example/",
        "'', GET https://ai.example:444/",
        "'', GET https://ai.example./",
        "'', GET https://ai.example.evil.example/",
        "'', GET https://evil.example/ai.example:443",
        "'', CONNECT a.example:443",
        "'', CONNECT ai.example:80",
        "a.example, GET http://a.example:8080/",
        "a.example, CONNECT a.example:22",
        "a.example, GET http://a.example./",
        "a.example, GET http://b.a.example/",
        "a.example, GET http://xa.example/",
        "a.example:8443, GET https://a.example/",
        "*.a.example, GET http://a.example/",
        "*.a.example, GET http://xa.example/",
        "*.a.example, GET http://.a.example/",
        "*.a.example, GET http://b.a.example./",
        "*, GET http://b.example:8080/",
        "*, GET http://b.example./",
        "*, GET http://2130706433/",
        "*, GET http://127.1/",
        "*, GET http://127.0.1/",
        "*, GET http://0177.0.0.1/",
        "*, GET http://127.0.0.01/",
        "*, GET http://0x7f.1/",
        "*, GET http://0x7f000001/",
        "*, GET http://0x7F.0.0.1/",
        "*, GET http://127.0.0.1./",
        "*, GET http://256.0.0.1/",
        "*, GET http://1.2.3.4.5/",
        "*, GET http://a.1/",
        "*, GET http://-a.example/",
        "*, 'GET http://[::ffff:127.0.0.1]/'",
        "*, 'GET http://[::ffff:7f00:1]/'",
        "*, CONNECT 2130706433:443",
        "*, CONNECT 0x7f.1:443",
        "127.0.0.1, GET http://127.1/",
        "127.0.0.1, 'GET http://[::ffff:127.0.0.1]/'",
        "localhost, GET http://localhost./",
        "localhost, GET http://127.0.0.1/"
    })
    void refusesWhatIsNotAllowed(String allowed, String requestLine) {
        assertThat(route(allowed, requestLine).refusal()).isEqualTo(Failure.FORWARD_NOT_ALLOWED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "GET http://me@a.example/",
        "GET http://me:secret@a.example/",
        "GET http://ai.example@a.example/",
        "GET http://a.example:0/",
        "GET http://a.example:99999/",
        "GET http:///x",
        "GET http://%61.example/",
        "GET http://a_b.example/",
        "GET http://a!b.example/",
        "GET ftp://a.example/",
        "GET ws://a.example/",
        "GET mailto:a",
        "GET http://a.example:4294967376/",
        "GET http://a.example:080/",
        "GET http:/x",
        "GET http:a.example",
        "CONNECT a.example",
        "CONNECT a.example:+80",
        "CONNECT a.example:080",
        "CONNECT a.example:4294967376",
        "CONNECT me@a.example:443",
        "CONNECT http://a.example:443",
        "CONNECT /x"
    })
    void refusesWhatIsMalformed(String requestLine) {
        assertThat(route("*", requestLine).isMalformed()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "GET /x?y, ",
        "GET https://ai.example/x, ",
        "GET http://A.Example/x?y, http://a.example:80/x?y",
        "CONNECT A.Example:443, a.example:443"
    })
    void namesForTheLogWhatIsNotAPathOnItsTarget(String requestLine, String named) {
        assertThat(route("*", requestLine).named()).isEqualTo(named);
    }
}
