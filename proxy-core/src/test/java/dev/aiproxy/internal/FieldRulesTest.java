package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Upgrade",
                "Proxy-Authorization",
                "Proxy-Authenticate"
            })
    void endsFieldsOfOneConnection(String name) {
        assertThat(FieldRules.isHopByHop(new HttpField(name, "x"), Set.of())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "x-api-key",
                "Content-Length",
                "Transfer-Encoding",
                "Trailer",
                "Expect",
                "Host",
                "Via",
                "Forwarded",
                "X-Unknown"
            })
    void passesOtherFieldsOn(String name) {
        assertThat(FieldRules.isHopByHop(new HttpField(name, "x"), Set.of())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Mine", "x-mine", "ETag"})
    void endsFieldsThatConnectionNames(String name) {
        assertThat(FieldRules.isHopByHop(new HttpField(name, "x"), Set.of("x-mine", "etag")))
                .isTrue();
    }

    /** Options are tokens (RFC 9110 §7.6.1): a quote is a letter like others, and no reason to fail. */
    @ParameterizedTest
    @ValueSource(strings = {"closg, X-\"op, x-mine", "\", x-mine", "x-mine,\"", "a\"b\"c,,X-Mine ,", "\\, x-mine"})
    void readsConnectionAlsoWhereItIsOdd(String value) {
        HttpFields fields = HttpFields.build().add("Connection", value).asImmutable();

        assertThat(FieldRules.nominatedByConnection(fields)).contains("x-mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "Transfer-Encoding", "Host"})
    void keepsFramingAndRoutingEvenIfConnectionNamesThem(String name) {
        Set<String> nominated = Set.of("content-length", "transfer-encoding", "host");

        assertThat(FieldRules.isHopByHop(new HttpField(name, "x"), nominated)).isFalse();
    }

    static Stream<Arguments> connectionFields() {
        return Stream.of(
                argumentSet("none", List.of(), Set.of()),
                argumentSet("empty", List.of(""), Set.of()),
                argumentSet("close only", List.of("close"), Set.of()),
                argumentSet("keep-alive only", List.of("Keep-Alive"), Set.of()),
                argumentSet("one name", List.of("X-Mine"), Set.of("x-mine")),
                argumentSet("a list", List.of("close, X-Mine ,x-other"), Set.of("x-mine", "x-other")),
                argumentSet("empty members", List.of(",, X-Mine,"), Set.of("x-mine")),
                argumentSet("two fields", List.of("X-Mine", "keep-alive, X-Other"), Set.of("x-mine", "x-other")));
    }

    @ParameterizedTest
    @MethodSource("connectionFields")
    void readsTheNamesInConnection(List<String> values, Set<String> names) {
        HttpFields.Mutable fields = HttpFields.build().add("X-Mine", "1");
        values.forEach(value -> fields.add("Connection", value));

        assertThat(FieldRules.nominatedByConnection(fields)).isEqualTo(names);
    }
}
