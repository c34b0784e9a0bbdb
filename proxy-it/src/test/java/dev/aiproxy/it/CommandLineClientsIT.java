package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that everybody has show each event when it is sent, with nothing between them and the user but a pipe. */
@Timeout(60)
@ParameterizedClass
@MethodSource("dev.aiproxy.it.RealClients#programs")
final class CommandLineClientsIT {
    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final StreamingClient client;

    CommandLineClientsIT(StreamingClient client) {
        this.client = client;
    }

    @Test
    void showsEachEventBeforeTheNextIsSent() {
        client.expectEachEventBeforeTheNextIsSent(proxy.uri(), proxy.upstream());

        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void stopsTheUpstreamWhenItIsKilled() {
        proxy.upstream().enqueue(client.api().stalledStream());

        try (StreamedCall call = client.stream(proxy.uri())) {
            assertThat(call.next()).isPresent();
            call.cancel();

            proxy.upstream().takeRequest().connection().awaitEnd(Eventually.PATIENCE);
            proxy.expectEnd(Outcome.CLIENT_GONE);
        }
    }
}
