package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendors' own clients see behind the proxy what they would see without it. */
@Timeout(60)
@ParameterizedClass
@MethodSource("dev.aiproxy.it.RealClients#sdks")
final class SdkIT {
    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final SdkClient client;

    SdkIT(SdkClient client) {
        this.client = client;
    }

    @Test
    void showsEachEventBeforeTheNextIsSent() {
        client.expectEachEventBeforeTheNextIsSent(proxy.uri(), proxy.upstream());

        assertThat(proxy.expectEnd(Outcome.COMPLETED).verdict()).contains(Verdict.COMPLETE);
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.target()).isEqualTo(client.api().path());
        assertThat(Json.parse(request.body()).get("stream").asBoolean()).isTrue();
    }

    @Test
    void returnsAWholeAnswer() {
        proxy.upstream().enqueue(client.api().answer());

        JsonNode shown = client.call(proxy.uri());

        assertThat(client.shownOf(client.api().answerJson())).contains(shown);
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429})
    void raisesItsOwnErrorForARefusal(int status) {
        proxy.upstream().enqueue(client.api().error(status));

        RaisedError raised = catchThrowableOfType(RaisedError.class, () -> client.call(proxy.uri()));

        assertThat(raised.type()).isEqualTo(client.errorType(status));
        assertThat(raised.status()).isEqualTo(status);
        assertThat(raised.error()).isEqualTo(client.api().errorJson(status));
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void stopsTheUpstreamWhenItCancels() {
        proxy.upstream().enqueue(client.api().stalledStream());

        try (StreamedCall call = client.stream(proxy.uri())) {
            assertThat(call.next()).isPresent();
            call.cancel();

            proxy.upstream().takeRequest().connection().awaitEnd(Eventually.PATIENCE);
            assertThat(proxy.expectEnd(Outcome.CLIENT_GONE).verdict()).contains(Verdict.CLIENT_GONE);
        }
    }
}
