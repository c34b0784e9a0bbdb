package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.aiproxy.Outcome;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The vendors' clients that speak HTTP/2 where TLS offers it see what they see in HTTP/1.1. */
@Timeout(60)
@ParameterizedClass
@MethodSource("dev.aiproxy.it.RealClients#inHttp2")
final class Http2SdkIT {
    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final SdkClient client;

    Http2SdkIT(SdkClient client) {
        this.client = client;
        proxy.overTls(TestCertificates.get().trustingClient());
    }

    private URI uri() {
        return URI.create("https://localhost:" + proxy.uri().getPort());
    }

    /** In HTTP/1.1, OkHttp writes names in capitals. */
    private static void assertCameInHttp2(RecordedRequest request) {
        assertThat(request.head().names()).contains("user-agent", "content-type");
    }

    @Test
    void showsEachEventBeforeTheNextIsSent() {
        client.expectEachEventBeforeTheNextIsSent(uri(), proxy.upstream());

        proxy.expectEnd(Outcome.COMPLETED);
        RecordedRequest request = proxy.upstream().takeRequest();
        assertCameInHttp2(request);
        assertThat(Json.parse(request.body()).get("stream").asBoolean()).isTrue();
    }

    @Test
    void returnsAWholeAnswer() {
        proxy.upstream().enqueue(client.api().answer());

        JsonNode shown = client.call(uri());

        assertThat(client.shownOf(client.api().answerJson())).contains(shown);
        assertCameInHttp2(proxy.upstream().takeRequest());
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void raisesItsOwnErrorForARefusal() {
        proxy.upstream().enqueue(client.api().error(429));

        RaisedError raised = catchThrowableOfType(RaisedError.class, () -> client.call(uri()));

        assertThat(raised.type()).isEqualTo(client.errorType(429));
        assertThat(raised.error()).isEqualTo(client.api().errorJson(429));
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void stopsTheUpstreamWhenItCancels() {
        proxy.upstream().enqueue(client.api().stalledStream());

        try (StreamedCall call = client.stream(uri())) {
            assertThat(call.next()).isPresent();
            call.cancel();

            proxy.upstream().takeRequest().connection().awaitEnd(Eventually.PATIENCE);
            proxy.expectEnd(Outcome.CLIENT_GONE);
        }
    }
}
