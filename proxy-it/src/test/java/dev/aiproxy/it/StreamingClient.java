package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;

/** A real client that makes streamed calls through a proxy. */
interface StreamingClient {

    /** What it calls. */
    VendorApi api();

    /** Starts a streamed call; returns when the head of the answer is there, or before. */
    StreamedCall stream(URI proxy);

    /** What its user gets to see of an event: all of it, or less. */
    default Optional<JsonNode> shownOf(JsonNode sent) {
        return Optional.of(sent);
    }

    /** Lets the upstream send one event after another, each when the client has shown the one before. */
    default void expectEachEventBeforeTheNextIsSent(URI proxy, ScriptedUpstream upstream) {
        Gate gate = Gate.named("next event");
        upstream.enqueue(api().gatedStream(gate));
        try (StreamedCall call = stream(proxy)) {
            for (JsonNode sent : api().events()) {
                gate.open();
                shownOf(sent).ifPresent(shown -> assertThat(call.next()).contains(shown));
            }
            gate.openForGood();
            assertThat(call.next()).isEmpty();
        }
    }
}
